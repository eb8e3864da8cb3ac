package import DeptopModel

/// M19: connections that the peer has closed and the application has not.
package struct CloseWait: Rule {
  package static let id: RuleID = "M19"
  package static let title = "Close-wait build-up: the peer has closed, the application has not"
  package static let explanation = """
    Looks for connections in CLOSE-WAIT: 5 or more, the oldest for 60 s or more. A pool that watches its connections \
    closes within seconds of its peer; these stay until the process ends, and each takes a file descriptor and often a \
    place in a pool.
    Critical when they are half of the connections or callers wait for one; else a warning.
    Silent for few and for young ones: a burst after a restart of the server is normal.
    Proved wrong by a number that falls again: then they are only closed late.
    Remedy: from 5 minutes on they can be closed without harm to anybody (the peer has said its last word): repair \
    close. For good: the application must read to the end and close; a pool must test what it hands out.
    """

  /// Connections and their age that no burst explains: a client that watches its connections closes within seconds,
  /// and a restart of the server leaves a few for a moment (deptop's own steps).
  static let least = 5
  static let leastAge = Duration.seconds(60)
  /// Age from which nothing comes of them any more and closing them is offered: longer than any request takes that
  /// might still read what came before the end.
  static let closingAge = Duration.seconds(300)

  package init() {}

  package func finding(for dependency: Dependency, at now: WallTime) -> Finding? {
    guard let sockets = dependency.sockets, let since = sockets.value.conditions.peerClosedSince,
      sockets.value.conditions.peerClosed >= CloseWait.least, now - since >= CloseWait.leastAge
    else { return nil }
    let count = sockets.value.conditions.peerClosed
    let isOld = now - since >= CloseWait.closingAge
    let grounds = sockets.closeWaitGrounds(count, waiting: dependency.waitingCallers)
    return Finding(
      rule: CloseWait.id, dependency: dependency.id,
      level: dependency.level(without: count, of: max(count, sockets.value.total)),
      text: "\(count.of("connection")) closed by the peer and not by \(sockets.value.holder), the oldest for {since}",
      textSince: since, since: now, evidence: grounds.evidence, notFound: grounds.notFound,
      confidence: grounds.confidence, action: isOld ? .repair : nil, actionLabel: isOld ? "close these" : nil)
  }
}

extension Reading<SocketSummary> {
  fileprivate func closeWaitGrounds(_ count: Int, waiting: Evidence?) -> Grounds {
    var grounds = Grounds([
      Evidence(
        reading: "connections in CLOSE-WAIT", value: "\(count) of \(Swift.max(count, value.total))",
        threshold: "\(CloseWait.least - 1)", source: source)
    ])
    for client in value.clients.prefix(3) {
      guard let owner = client.owner else { continue }
      grounds.add(
        Evidence(
          reading: "connections of \(owner.process) (pid \(owner.pid))", value: "\(client.connections)",
          source: source))
    }
    grounds.support(waiting)
    return grounds
  }
}

extension SocketSummary {
  /// Who holds the connections, as far as one can be named.
  fileprivate var holder: String {
    guard clients.count == 1, let owner = clients[0].owner else {
      return clients.count > 1 ? "one of \(clients.count) clients" : "the application"
    }
    return "\(owner.process) (pid \(owner.pid))"
  }
}
