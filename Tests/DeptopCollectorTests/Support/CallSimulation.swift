import DeptopModel
import Glibc

@testable import DeptopCollector

/// Numbers that look random and are the same in each run: Marsaglia's xorshift64.
struct SeededNumbers: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed | 1 }

  mutating func next() -> UInt64 {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return state
  }

  /// Normally distributed, with a mean of 0 and a deviation of 1, by the transform of Box and Muller.
  mutating func normal() -> Double {
    let (first, second) = (Double.random(in: 0.5.ulp...1, using: &self), Double.random(in: 0..<1, using: &self))
    return (-2 * log(first)).squareRoot() * cos(2 * .pi * second)
  }
}

/// Response times of a healthy dependency, second by second: lognormal around 12 and 30 ms, each second with three
/// tenths of the one before.
struct HealthyTimes {
  /// Deviation of the logarithm.
  static let deviation = 0.15

  private var numbers: SeededNumbers
  private var last = 0.0

  init(seed: UInt64) { numbers = SeededNumbers(seed: seed) }

  /// The next second's window, with response times a factor of the usual ones.
  mutating func next(times factor: Double = 1) -> TrendSample {
    last = 0.3 * last + numbers.normal() * HealthyTimes.deviation * (1 - 0.3 * 0.3).squareRoot()
    let noise = exp(last) * factor
    return TrendSample(p50: 0.012 * noise, p95: 0.030 * noise, requests: 30, goodput: 30, answered: 30, errorRatio: 0)
  }
}

/// One client's counters, as they grow second by second.
struct CountingClient {
  private var requests: UInt64 = 0
  private var late: UInt64 = 0
  private var fates: [Fate: UInt64] = [:]
  private var histogram = Histogram()

  /// What it did in a second.
  struct Second {
    var requests = 30
    var succeeded = 30
    var answered = 30
    var late = 0
    var time = Duration.milliseconds(12)
    var active = 2
    var pending = 0
  }

  /// Counts a second, and tells all that was counted.
  mutating func report(_ second: Second) -> ClientReport {
    requests += UInt64(second.requests)
    late += UInt64(second.late)
    fates[.success, default: 0] += UInt64(second.succeeded)
    fates[.timeout, default: 0] += UInt64(second.requests - second.succeeded)
    for _ in 0..<second.answered { histogram.record(second.time) }
    var report = ClientReport(name: "orders-db", host: "10.0.0.1", port: 5432)
    report.totals = CallTotals(requests: requests, attempts: requests, fates: fates, late: late)
    report.responseTime = .exponential(histogram)
    report.pool = ReportedPool(active: second.active, idle: 8 - second.active, pending: second.pending, max: 8)
    report.policy = Policy(deadline: .milliseconds(800))
    return report
  }
}
