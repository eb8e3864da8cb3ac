internal import Histogram

/// hdrhistogram-swift with 5 significant digits over 1 ns to 100 s: what percentiles are compared with.
package struct ReferenceHistogram: Sendable {
  private var counts = Histogram<UInt64>(
    highestTrackableValue: 100_000_000_000, numberOfSignificantValueDigits: .five)

  package init() {}

  package var count: UInt64 { counts.totalCount }

  /// Counts a latency, nanoseconds.
  package mutating func record(_ nanoseconds: UInt64) {
    counts.record(nanoseconds)
  }

  /// The latency at a quantile, 0…1, nanoseconds; exact to 5 digits.
  package func value(at quantile: Double) -> UInt64 {
    counts.valueAtPercentile(quantile * 100)
  }
}
