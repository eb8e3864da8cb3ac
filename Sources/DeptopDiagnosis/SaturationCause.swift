internal import DeptopModel

/// Why all connections of a pool are in use, as far as it is known.
enum SaturationCause {
  /// Connections are dead, and the pool counts them as in use.
  case dead(DeadCause)
  /// The application holds connections that carry nothing.
  case held(HeldConnections)
  case upstream(UpstreamCause)
  /// The dependency answers as always: more is asked of the pool than it can carry.
  case undersized(usual: Duration, source: SourceID)
  case unknown

  init(of dependency: Dependency, held: HeldConnections?, at now: WallTime) {
    if let dead = DeadCause(of: dependency, at: now) {
      self = .dead(dead)
    } else if let upstream = UpstreamCause(of: dependency, at: now) {
      self = .upstream(upstream)
    } else if let held {
      self = .held(held)
    } else if let calls = dependency.calls, let p50 = calls.value.responseTime?.p50.value,
      let usual = dependency.trend?.usual?.p50, p50 <= usual * Slowness.asAlways,
      DNSDrift().finding(for: dependency, at: now) == nil
    {
      self = .undersized(usual: usual, source: calls.source)
    } else {
      self = .unknown
    }
  }

  var text: String {
    switch self {
    case .dead(let cause): cause.text
    case .held(let held): "; held by the application: \(held.share) carry nothing in the kernel"
    case .upstream(let cause): cause.text
    case .undersized: "; response times are as always: the pool is too small for the load"
    case .unknown: ""
    }
  }

  var evidence: Evidence? {
    switch self {
    case .dead(let cause): cause.evidence
    case .upstream(let cause): cause.finding.evidence.first
    case .undersized(let usual, let source):
      Evidence(reading: "response time, p50", value: "as always: \(usual.words)", source: source)
    case .held, .unknown: nil
    }
  }

  var action: ActionVerb? {
    switch self {
    case .dead(let cause): cause.finding?.action
    case .held: .drain
    case .upstream(let cause): cause.finding.action
    case .undersized, .unknown: nil
    }
  }

  var actionLabel: String? {
    switch self {
    case .dead(let cause): cause.finding?.actionLabel
    case .held: "drain all"
    case .upstream(let cause): cause.finding.actionLabel
    case .undersized, .unknown: nil
    }
  }

  var actionScope: ActionScope? { if case .held = self { .all } else { nil } }

  var prohibition: Prohibition? {
    switch self {
    case .upstream(let cause): cause.finding.prohibition
    case .undersized:
      Prohibition(
        verbs: [.drain], reason: "a drain does not make the pool larger: enlarge it, or ask less of it (B open)")
    case .dead, .held, .unknown: nil
    }
  }
}

/// Connections that a pool counts as in use and that carry nothing.
struct HeldConnections {
  let idle: Int
  let inUse: Int
  let source: SourceID

  var share: String { "\(idle) of \(inUse)" }

  var evidence: Evidence {
    Evidence(
      reading: "connections that carry nothing in the kernel", value: share,
      threshold: PoolSaturation.heldIdle.percent, source: source)
  }
}
