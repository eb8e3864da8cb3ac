/// Which attempts a call has, and how long it waits before each: decisions without chance or clock.
struct RetryPlan: Sendable {
  /// More attempts than any plan is allowed, so that layers upon layers stay a number.
  static let mostAttempts = 10_000

  let spec: RetrySpec

  init(_ spec: RetrySpec) {
    self.spec = spec
  }

  /// Attempts of each layer, 1 or more.
  private var each: Int { min(max(1, spec.attempts), RetryPlan.mostAttempts) }

  /// Attempts at the bottom of all layers: 3 layers of 3 make 27.
  var attempts: Int {
    var product = 1
    for _ in 0..<max(1, spec.layers) {
      product = min(product * each, RetryPlan.mostAttempts)
      if each == 1 { break }
    }
    return product
  }

  /// Seconds to wait after an attempt failed, before the next one.
  ///
  /// The layer that makes the next attempt waits, as long as its own count of attempts says: the innermost one until its
  /// attempts are used up, then the one above it, which begins the inner one's count anew.
  ///
  /// - Parameters:
  ///   - attempt: The number of the attempt that failed, from 1.
  ///   - random: 0…1, for the jitter.
  /// - Returns: Seconds, at most the longest back-off.
  func backoff(after attempt: Int, random: Double) -> Double {
    var count = max(1, attempt)
    while each > 1, count % each == 0 { count /= each }
    let doublings = min(max(0, count % max(2, each) - 1), 60)
    let delay = min(spec.backoff * Double(UInt64(1) << UInt64(doublings)), spec.longestBackoff)
    switch spec.jitter {
    case .none: return delay
    case .full: return delay * random
    }
  }
}

/// Retries that a client allows itself, as a share of its calls: a token bucket that calls fill.
struct RetryBudget: Sendable {
  /// Retries that may be saved up.
  static let most = 10.0

  private var tokens = RetryBudget.most

  /// Notes a call, which earns its share of a retry.
  mutating func earn(_ share: Double) {
    tokens = min(tokens + max(0, share), RetryBudget.most)
  }

  /// Pays for one retry; false when there is nothing to pay with.
  mutating func spend() -> Bool {
    guard tokens >= 1 else { return false }
    tokens -= 1
    return true
  }
}
