package import DeptopModel

/// What a point counts as in a client's report.
package enum MetricTarget: Sendable, Hashable {
  case pool(PoolPart)
  case requests, attempts, resets
  /// Attempts after the first, from which attempts or requests follow where only one of them is counted.
  case retries
  /// Requests that have no answer yet.
  case waiting
  case fate(Fate)
  case timeout(TimeoutCategory)
  /// Failures under a fixed word.
  case error(String)
  case responseTime, waitTime
  case phase(Phase)
  /// The breaker's state as a number, which the rule's table explains.
  case breakerState
  /// The breaker is in this state when the value is not 0.
  case breaker(BreakerState)
  case notPermitted
  /// The share of failures that a breaker sees.
  case failureRatio

  /// The parts of a pool.
  package enum PoolPart: String, Sendable, Hashable, CaseIterable {
    case active, idle, pending, max, transitional
    /// Active and idle together, from which the active ones follow where only the idle ones are counted.
    case size
  }

  /// What kind of number a target needs.
  package enum Need: Sendable, Hashable {
    /// A number as it is now.
    case level
    /// How often something happened, which a histogram tells as well.
    case count
    /// A histogram of durations.
    case distribution
  }

  package var need: Need {
    switch self {
    case .pool, .waiting, .breakerState, .breaker, .failureRatio: .level
    case .requests, .attempts, .resets, .retries, .fate, .timeout, .error, .notPermitted: .count
    case .responseTime, .waitTime, .phase: .distribution
    }
  }

  /// Takes a target as mapping files write it, such as `pool.active` or `timeout.connect`; nil when there is none.
  package init?(_ text: String) {
    guard let dot = text.firstIndex(of: "."),
      let target = MetricTarget(
        group: text[..<dot], word: String(text[text.index(after: dot)...]))
    else { return nil }
    self = target
  }

  private init?(group: Substring, word: String) {
    let target: MetricTarget? =
      switch group {
      case "pool": PoolPart(rawValue: word).map(MetricTarget.pool)
      case "calls": MetricTarget.calls[word]
      case "fate": Fate(rawValue: word).map(MetricTarget.fate)
      case "timeout": TimeoutCategory(rawValue: word).map(MetricTarget.timeout)
      case "errors": word.isEmpty ? nil : .error(word)
      case "latency": MetricTarget.latencies[word] ?? Phase(rawValue: word).map(MetricTarget.phase)
      case "breaker": MetricTarget.breakers[word] ?? BreakerState(rawValue: word).map(MetricTarget.breaker)
      default: nil
      }
    guard let target else { return nil }
    self = target
  }

  private static let calls: [String: MetricTarget] = [
    "requests": .requests, "attempts": .attempts, "retries": .retries, "resets": .resets, "waiting": .waiting,
  ]
  private static let latencies: [String: MetricTarget] = ["response": .responseTime, "wait": .waitTime]
  private static let breakers: [String: MetricTarget] = [
    "state": .breakerState, "not-permitted": .notPermitted, "failure-ratio": .failureRatio,
  ]

  /// Every word that ``init(_:)`` takes, for an error message; `errors.` takes any word behind it.
  package static var words: [String] {
    PoolPart.allCases.map { "pool.\($0.rawValue)" } + calls.keys.sorted().map { "calls.\($0)" }
      + Fate.allCases.map { "fate.\($0.rawValue)" } + TimeoutCategory.allCases.map { "timeout.\($0.rawValue)" }
      + latencies.keys.sorted().map { "latency.\($0)" } + Phase.allCases.map { "latency.\($0.rawValue)" }
      + breakers.keys.sorted().map { "breaker.\($0)" } + BreakerState.allCases.map { "breaker.\($0.rawValue)" }
      + ["errors.WORD"]
  }
}
