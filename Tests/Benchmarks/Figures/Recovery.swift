/// When callers were well again, from what their requests came to.
package struct Recovery: Sendable {
  /// A request that ended, for its caller.
  package struct Outcome: Sendable, Hashable {
    /// Microseconds.
    package var at: Int64
    package var isFailure: Bool

    package init(at: Int64, isFailure: Bool) {
      self.at = at
      self.isFailure = isFailure
    }
  }

  /// What well means: a share of failures that no window exceeds.
  package struct Measure: Sendable, Hashable {
    /// Microseconds.
    package var window: Int64
    /// 0…1.
    package var failures: Double
    /// Of fewer requests in a window, nothing can be said: it is not well.
    package var fewest: Int

    package init(window: Int64, failures: Double, fewest: Int) {
      self.window = window
      self.failures = failures
      self.fewest = fewest
    }
  }

  /// Ascending.
  private let outcomes: [Outcome]
  /// How many of the first so many outcomes are failures.
  private let failuresBefore: [Int]

  package init(_ outcomes: some Sequence<Outcome>) {
    self.outcomes = outcomes.sorted { $0.at < $1.at }
    failuresBefore = self.outcomes.reduce(into: [0]) { sums, outcome in
      sums.append((sums.last ?? 0) + (outcome.isFailure ? 1 : 0))
    }
  }

  /// The begin of the first window from which on every window up to the end is well.
  ///
  /// - Parameters:
  ///   - measure: What well means.
  ///   - begin: The first moment that counts, microseconds.
  ///   - end: The first one that is not known any more.
  /// - Returns: nil when the last window is not well, or does not fit.
  package func healthy(by measure: Measure, from begin: Int64, until end: Int64) -> Int64? {
    let last = end - measure.window
    guard last >= begin else { return nil }
    // Between these moments, no window gains or loses a request.
    let edges = outcomes.flatMap { [$0.at + 1, $0.at - measure.window + 1] } + [begin, last]
    var healthy: Int64?
    for edge in Set(edges).filter({ (begin...last).contains($0) }).sorted(by: >) {
      guard isWell(from: edge, measure) else { break }
      healthy = edge
    }
    return healthy
  }

  private func isWell(from begin: Int64, _ measure: Measure) -> Bool {
    let (first, last) = (place(of: begin), place(of: begin + measure.window))
    guard last - first >= measure.fewest, last > first else { return false }
    return Double(failuresBefore[last] - failuresBefore[first]) <= measure.failures * Double(last - first)
  }

  /// The index of the first outcome that is not before a moment.
  private func place(of time: Int64) -> Int {
    var (low, high) = (0, outcomes.count)
    while low < high {
      let middle = (low + high) / 2
      if outcomes[middle].at < time { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
