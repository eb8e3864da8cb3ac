package import DeptopModel

/// M02: connections that are reset at their first use after a silence.
package struct ResetAfterIdle: Rule {
  package static let id: RuleID = "M02"
  package static let title = "Resets after idle: connections are reset at their first use after a silence"
  package static let ticksNeeded = 2
  package static let explanation = """
    Looks at the connections that ended in the last 10 minutes, as the kernel's destroy events tell them: data was \
    unanswered, the last send was less than 1 s old, and nothing had been received for 5 s or more before it. That is \
    how a device that has forgotten a connection (an AWS or Azure NAT gateway, a load balancer with TCP reset), or a \
    server that closed it first, answers its first use. 3 of them in 10 minutes are a finding, or 2 when they are a \
    fifth of all that ended.
    Critical while the last one is younger than a minute and the clients do not report that every call succeeds; else \
    a warning.
    Proved wrong by a connection that survived a longer silence. The kernel does not tell why a connection ended: a \
    restart of the server resets many connections at one moment, whatever their idle times; then the idle times told \
    here differ by much.
    Remedy: drain idle connections older than four fifths of the shortest of these times; set the client's own idle \
    time below that of the server and of the path. Repair prove keeps connections alive through a device on the path; \
    a server's own idle timeout counts requests only, and keepalive does not reset it.
    """

  /// Resets within ``ClosingSummary/window`` that are a finding, and the fewest that are one by their share.
  ///
  /// deptop's own steps: one reset may be chance; a pool that is seldom used closes few connections in the window.
  static let leastResets = 3
  static let leastShared = 2
  /// Resets after idle / connections that ended: one in five is no accident (deptop's own step).
  static let share = 0.2
  /// How long a reset is told as something that hurts now: as long as a finding takes to clear.
  static let recent = Duration.seconds(60)

  package init() {}

  package func finding(for dependency: Dependency, at now: WallTime) -> Finding? {
    guard let closings = dependency.closings, ResetAfterIdle.holds(for: closings) else { return nil }
    let resets = Resets(closings: closings, dependency: dependency)
    let grounds = resets.grounds
    return Finding(
      rule: ResetAfterIdle.id, dependency: dependency.id, level: resets.hurt(at: now) ? .critical : .warning,
      text: resets.text, textSince: closings.lastResetAt, since: now, evidence: grounds.evidence,
      notFound: grounds.notFound, confidence: grounds.confidence, action: .repair, actionLabel: "prove & keep alive")
  }

  private static func holds(for closings: ClosingSummary) -> Bool {
    closings.resetAfterIdle >= leastResets
      || closings.resetAfterIdle >= leastShared
        && Double(closings.resetAfterIdle) >= share * Double(closings.closed)
  }
}

/// Connections that were reset after a silence.
private struct Resets {
  let closings: ClosingSummary
  let dependency: Dependency

  private var source: SourceID { dependency.sockets?.source ?? "kernel" }

  func hurt(at now: WallTime) -> Bool {
    guard let last = closings.lastResetAt, now - last <= ResetAfterIdle.recent else { return false }
    return dependency.calls?.value.errorRatio != 0
  }

  private var idle: String? {
    guard let shortest = closings.shortestIdle, let longest = closings.longestIdle else { return nil }
    return Duration.inSeconds(shortest, to: longest)
  }

  var text: String {
    let count = closings.resetAfterIdle
    let last = closings.lastResetAt == nil ? "" : ", the last {since} ago"
    let forgets = IdleBracket(dependency.path)?.words ?? "idle connections"
    return "\(count.of("connection")) were reset at their first use after \(idle.map { "\($0) idle" } ?? "a silence")"
      + "\(last); the path or the server forgets \(forgets)"
  }

  var grounds: Grounds {
    var grounds = Grounds([
      Evidence(
        reading: "connections reset after idle in \(ClosingSummary.window.words)",
        value: "\(closings.resetAfterIdle) of \(closings.closed) that ended",
        threshold: "\(ResetAfterIdle.leastResets - 1)", source: source)
    ])
    if let idle {
      grounds.add(
        Evidence(
          reading: "idle before the reset", value: idle, threshold: ClosedConnection.shortestIdle.inSeconds,
          source: source))
    }
    grounds.support(failures)
    if let survived = dependency.path?.survivedIdle, let longest = closings.longestIdle {
      let longer = Evidence(
        reading: "silence that a connection survived", value: survived.inSeconds, threshold: longest.inSeconds,
        source: source)
      grounds.refute(survived >= longest ? longer : nil, lookingFor: "a longer silence that a connection survived")
    }
    return grounds
  }

  private var failures: Evidence? {
    guard let calls = dependency.calls, let ratio = calls.value.errorRatio, ratio > 0 else { return nil }
    return Evidence(reading: "requests that failed", value: ratio.percent, threshold: "0 %", source: calls.source)
  }
}
