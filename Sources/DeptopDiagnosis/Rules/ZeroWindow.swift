package import DeptopModel

/// M22: the peer takes no more data.
package struct ZeroWindow: Rule {
  package static let id: RuleID = "M22"
  package static let title = "Zero-window stall: the peer takes no more data"
  package static let explanation = """
    Looks for connections with data to send whose peer has closed its receive window for 3 s or more: the peer's \
    kernel answers every probe of the window, its application does not read. A frozen process and a full disk at the \
    reader look like this.
    Critical when half of the connections stall or callers wait for one; else a warning.
    Silent for shorter stalls. A consumer that slows its sender on purpose looks the same.
    Proved wrong by data that moves after all. Neither a forgotten connection nor a packet size can be the cause: the \
    peer answers.
    Remedy: wake or restart the reader, or send elsewhere. Repair does not help: a new connection to a frozen reader \
    fills up as well.
    """

  /// Three sweeps at one a second: a window that is closed for less is the flow control that TCP is meant to have.
  static let leastAge = Duration.seconds(3)

  package init() {}

  package func finding(for dependency: Dependency, at now: WallTime) -> Finding? {
    guard let sockets = dependency.sockets, sockets.value.conditions.zeroWindow > 0,
      let since = sockets.value.conditions.zeroWindowSince, now - since >= ZeroWindow.leastAge
    else { return nil }
    let count = sockets.value.conditions.zeroWindow
    let total = max(count, sockets.value.established)
    var grounds = Grounds([
      Evidence(
        reading: "connections whose peer takes no data", value: "\(count) of \(total)", threshold: "0",
        source: sockets.source)
    ])
    grounds.support(dependency.waitingCallers)
    grounds.refute(
      DeadPath(dependency, at: now)?.count, lookingFor: "connections on which nothing comes back")
    return Finding(
      rule: ZeroWindow.id, dependency: dependency.id, level: dependency.level(without: count, of: total),
      text: "\(count.areConnections(of: total)) stalled for {since}: the peer answers but takes no more data "
        + "(zero window)",
      textSince: since, since: now, evidence: grounds.evidence, notFound: grounds.notFound,
      confidence: grounds.confidence)
  }
}
