package import DeptopModel

/// M20: new connections get no answer.
package struct UnansweredConnects: Rule {
  package static let id: RuleID = "M20"
  package static let title = "Connects unanswered: new connections cannot be opened"
  package static let explanation = """
    Looks for 2 or more connections that are being opened and whose SYN was sent again without an answer, and for \
    addresses on which the last probe failed and not for the first time, or on which connections are dead as well. \
    Without a limit of its own a client waits for 135 s (tcp_syn_retries of 6).
    Critical when clients wait for such connections or no address takes any; a warning when only probes of some \
    addresses fail, or nothing has used the dependency yet.
    Silent for a single SYN that is sent again (one packet is lost now and then), for a single probe that failed, and \
    when it is one address of several (M23).
    Proved wrong by probes that connect at once: then a filter or a full accept queue turns away some.
    Remedy: take the address out, start the server, open the filter, enlarge the accept queue; a shorter connect \
    timeout at the clients. Draining what still works makes it worse.
    """

  /// Connections without an answer at one time: each has lost a SYN and its first repetition, 1 s later.
  static let leastUnanswered = 2
  /// Failed probes of an address before its failure counts by itself.
  static let leastFailures: UInt64 = 2

  package init() {}

  package func finding(for dependency: Dependency, at now: WallTime) -> Finding? {
    let attempts = Attempts(dependency)
    guard attempts.unanswered >= UnansweredConnects.leastUnanswered || !attempts.failing.isEmpty,
      BadAddress().finding(for: dependency, at: now) == nil
    else { return nil }
    let grounds = attempts.grounds
    return Finding(
      rule: UnansweredConnects.id, dependency: dependency.id, level: attempts.level, text: attempts.text, since: now,
      evidence: grounds.evidence, notFound: grounds.notFound, confidence: grounds.confidence)
  }
}

/// What tries to open connections meets.
private struct Attempts {
  let dependency: Dependency
  /// Connections whose SYN was sent again.
  let unanswered: Int
  /// Addresses whose probes fail, of which that is believed.
  let failing: [AddressConnect]

  private var dead: Int { dependency.sockets?.value.conditions.dead ?? 0 }

  init(_ dependency: Dependency) {
    self.dependency = dependency
    unanswered = dependency.sockets?.value.conditions.connectUnanswered ?? 0
    failing = dependency.probes.filter { dependency.isFailing($0) }
  }

  var level: Level {
    if unanswered >= UnansweredConnects.leastUnanswered { return .critical }
    let isUsed = dependency.lastTrafficAt != nil || (dependency.sockets?.value.total ?? 0) > 0
    return dependency.isUnreachable && isUsed ? .critical : .warning
  }

  var text: String {
    let waiting =
      unanswered > 0 ? "\(unanswered.of("connect")) unanswered: SYN is sent again and nothing comes back" : nil
    let probed = failing.first.map {
      "no new connection to \(failing.map(\.address).names): \($0.lastFailure ?? "the probe failed")"
    }
    let stuck = dead > 0 && !failing.isEmpty ? "\(dead.of("connection")) dead" : nil
    return [waiting, probed, stuck].compactMap(\.self).joined(separator: "; ")
  }

  var grounds: Grounds {
    var grounds = Grounds(unanswered > 0 ? [connecting] : [])
    for probe in failing { grounds.support(failure(of: probe)) }
    if dead > 0, !failing.isEmpty, let source = dependency.sockets?.source {
      grounds.support(
        Evidence(
          reading: "connections on which nothing comes back", value: "\(dead)", threshold: "0", source: source))
    }
    grounds.support(dependency.waitingCallers)
    if let source = dependency.connect?.source {
      let fastest = failing.isEmpty ? dependency.probes.compactMap(\.last).min() : nil
      let connects = fastest.map { Evidence(reading: "probe", value: "connects in \($0.words)", source: source) }
      grounds.refute(connects, lookingFor: "probes that connect")
    }
    return grounds
  }

  private var connecting: Evidence {
    Evidence(
      reading: "connections without an answer to their SYN", value: "\(unanswered)",
      threshold: "\(UnansweredConnects.leastUnanswered - 1)", source: dependency.sockets?.source ?? "kernel")
  }

  private func failure(of probe: AddressConnect) -> Evidence {
    Evidence(
      reading: "probe of \(probe.address)",
      value: (probe.lastFailure ?? "failed") + ", \(probe.failures) of \(probe.attempts) failed",
      source: dependency.connect?.source ?? "probe")
  }
}
