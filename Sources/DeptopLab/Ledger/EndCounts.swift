/// How the requests of a window ended.
package struct EndCounts: Sendable, Hashable {
  package private(set) var byEnd: [LedgerLine.End: Int] = [:]
  /// Failures by what was waited for when a time limit ended them: `pool-acquire`, `dns`, `connect`, `read`, `deadline`.
  package private(set) var byLimit: [String: Int] = [:]
  /// Attempts that were sent for them.
  package private(set) var attempts = 0

  package subscript(end: LedgerLine.End) -> Int { byEnd[end] ?? 0 }

  package var total: Int { byEnd.values.reduce(0, +) }
  package var succeeded: Int { byEnd.reduce(0) { $1.key.isSuccess ? $0 + $1.value : $0 } }
  package var failed: Int { total - succeeded }

  /// Failures / requests, 0…1; nil when none ended.
  package var failureShare: Double? { total > 0 ? Double(failed) / Double(total) : nil }

  package init() {}

  mutating func add(_ end: LedgerLine.End, limit: String?, attempts sent: Int) {
    byEnd[end, default: 0] += 1
    if let limit { byLimit[limit, default: 0] += 1 }
    attempts += sent
  }
}

/// How long the successful requests of a window took.
package struct SuccessTimes: Sendable, Hashable {
  /// Microseconds, shortest first.
  private let sorted: [Int64]

  init(_ times: [Int64]) {
    sorted = times.sorted()
  }

  package var count: Int { sorted.count }

  /// Seconds; nil when there was no success.
  package var mean: Double? {
    sorted.isEmpty ? nil : sorted.reduce(0) { $0 + Double($1) } / Double(sorted.count) / 1_000_000
  }

  /// The shortest time that at least such a share of the successes did not exceed, in seconds.
  ///
  /// - Parameter share: 0.99 for the 99th percentile; 0 is the shortest and 1 the longest time.
  /// - Returns: nil when there was no success, and for what is no share.
  package func percentile(_ share: Double) -> Double? {
    guard !sorted.isEmpty, (0...1).contains(share) else { return nil }
    let rank = max(1, Int((share * Double(sorted.count)).rounded(.up)))
    return Double(sorted[min(rank, sorted.count) - 1]) / 1_000_000
  }
}
