internal import Glibc

/// Latencies in OpenTelemetry's base-2 exponential histogram at scale 5, sparse.
///
/// Bucket `i` holds values in (2^(i/32), 2^((i+1)/32)] microseconds. A quantile is answered as the bucket's
/// geometric middle, so it is at most 2^(1/64) - 1 = 1.09 % off. Values below 1 µs count in the first bucket and
/// values above 100 s in the last. Merging adds counts and is exact.
package struct Histogram: Sendable, Hashable, Codable {
  /// Buckets per power of two is 2^scale.
  package static let scale = 5
  /// The largest relative error of a quantile, a ratio.
  package static let relativeError = 0.0109
  private static let lastIndex: Int16 = 850

  /// Counts by bucket index, ascending by index; never zero.
  package private(set) var buckets: [Bucket] = []
  /// Values recorded.
  package private(set) var count: UInt64 = 0

  /// One bucket that is not empty.
  package struct Bucket: Sendable, Hashable, Codable {
    package var index: Int16
    package var count: UInt64
  }

  package init() {}

  /// Counts one latency.
  ///
  /// - Complexity: O(log n) in the number of non-empty buckets, plus the insertion of a new one.
  package mutating func record(_ latency: Duration) {
    add(count: 1, at: Histogram.index(of: latency))
  }

  /// Adds another histogram's counts.
  package mutating func merge(_ other: Histogram) {
    for bucket in other.buckets { add(count: bucket.count, at: bucket.index) }
  }

  /// The latency at a quantile, 0…1; nil when nothing was recorded.
  package func quantile(_ quantile: Double) -> Duration? {
    guard count > 0 else { return nil }
    let rank = UInt64((quantile * Double(count)).rounded(.up)).clamped(to: 1...count)
    var seen: UInt64 = 0
    for bucket in buckets {
      seen += bucket.count
      if seen >= rank { return Histogram.middle(of: bucket.index) }
    }
    return nil
  }

  private mutating func add(count added: UInt64, at index: Int16) {
    count += added
    var low = 0
    var high = buckets.count
    while low < high {
      let middle = (low + high) / 2
      if buckets[middle].index < index { low = middle + 1 } else { high = middle }
    }
    if low < buckets.count, buckets[low].index == index {
      buckets[low].count += added
    } else {
      buckets.insert(Bucket(index: index, count: added), at: low)
    }
  }

  private static func index(of latency: Duration) -> Int16 {
    let microseconds = latency.seconds * 1e6
    guard microseconds > 1 else { return 0 }
    return Int16((log2(microseconds) * 32).rounded(.up) - 1).clamped(to: 0...lastIndex)
  }

  private static func middle(of index: Int16) -> Duration {
    .seconds(exp2((Double(index) + 0.5) / 32) / 1e6)
  }
}

extension Comparable {
  /// The nearest value inside a range.
  package func clamped(to range: ClosedRange<Self>) -> Self {
    min(max(self, range.lowerBound), range.upperBound)
  }
}
