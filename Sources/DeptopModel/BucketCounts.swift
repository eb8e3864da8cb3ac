/// Latencies counted between explicit bounds, as Prometheus and OpenTelemetry's explicit histograms report them.
///
/// Nothing is known about where in a bucket a value lies: a quantile is answered with the bounds of its bucket, and
/// with a value between them by linear interpolation. Values above the last bound have no upper one.
package struct BucketCounts: Sendable, Hashable, Codable {
  /// The largest bound that is accepted, seconds: 31 years.
  package static let largestBoundSeconds = 1e9

  /// Upper bounds in seconds, inclusive, ascending, 0…``largestBoundSeconds``; one less than ``counts``.
  package private(set) var boundsSeconds: [Double]
  /// Values in each bucket, the last of which is everything above the last bound.
  package private(set) var counts: [UInt64]

  /// Takes bounds and counts.
  ///
  /// The result is nil unless the bounds are in range and ascending, one fewer than the counts, and the counts add up to
  /// 64 bits.
  package init?(boundsSeconds: [Double], counts: [UInt64]) {
    guard counts.count == boundsSeconds.count + 1,
      boundsSeconds.allSatisfy((0...BucketCounts.largestBoundSeconds).contains),
      zip(boundsSeconds, boundsSeconds.dropFirst()).allSatisfy({ $0 < $1 }),
      counts.reduce(
        UInt64?(0),
        { sum, count in
          guard let (sum, overflow) = sum?.addingReportingOverflow(count), !overflow else { return nil }
          return sum
        }) != nil
    else { return nil }
    self.boundsSeconds = boundsSeconds
    self.counts = counts
  }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let bounds = try container.decode([Double].self, forKey: .boundsSeconds)
    guard
      let made = BucketCounts(
        boundsSeconds: bounds, counts: try container.decode([UInt64].self, forKey: .counts))
    else {
      throw DecodingError.dataCorruptedError(
        forKey: .boundsSeconds, in: container,
        debugDescription:
          "expected ascending bounds from 0 to \(BucketCounts.largestBoundSeconds) s, and one count more than bounds")
    }
    self = made
  }

  private enum CodingKeys: String, CodingKey {
    case boundsSeconds, counts
  }

  /// Values counted.
  package var count: UInt64 { counts.reduce(0) { $0.addingSaturated($1) } }

  /// Adds other counts, over the bounds that both have; exact, and coarser where the bounds differ.
  ///
  /// A count that would not fit into 64 bits stays at the largest.
  package mutating func merge(_ other: BucketCounts) {
    guard boundsSeconds != other.boundsSeconds else {
      for index in counts.indices { counts[index] = counts[index].addingSaturated(other.counts[index]) }
      return
    }
    let common = boundsSeconds.filter(Set(other.boundsSeconds).contains)
    let (left, right) = (counts(over: common), other.counts(over: common))
    boundsSeconds = common
    counts = zip(left, right).map { $0.addingSaturated($1) }
  }

  /// What was counted since an earlier state; nil when this is not a later state of the same histogram.
  package func subtracting(_ earlier: BucketCounts) -> BucketCounts? {
    guard boundsSeconds == earlier.boundsSeconds, zip(counts, earlier.counts).allSatisfy({ $0 >= $1 }) else {
      return nil
    }
    var rest = self
    for index in counts.indices { rest.counts[index] -= earlier.counts[index] }
    return rest
  }

  /// The bucket that holds a quantile, 0…1; nil when nothing was counted.
  package func quantile(_ quantile: Double) -> QuantileReading? {
    let total = count
    guard total > 0 else { return nil }
    let rank = (quantile.clamped(to: 0...1) * Double(total)).clamped(to: 1...Double(total))
    var seen: UInt64 = 0
    for (index, count) in counts.enumerated() where count > 0 {
      if Double(seen.addingSaturated(count)) >= rank {
        let low = index > 0 ? boundsSeconds[index - 1] : 0
        guard index < boundsSeconds.count else { return QuantileReading(.seconds(low), low: .seconds(low), high: nil) }
        let share = (rank - Double(seen)) / Double(count)
        let high = boundsSeconds[index]
        return QuantileReading(.seconds(low + (high - low) * share), low: .seconds(low), high: .seconds(high))
      }
      seen = seen.addingSaturated(count)
    }
    return nil
  }

  private func counts(over common: [Double]) -> [UInt64] {
    var merged: [UInt64] = []
    var sum: UInt64 = 0
    for (index, count) in counts.enumerated() {
      sum = sum.addingSaturated(count)
      if index < boundsSeconds.count, merged.count < common.count, boundsSeconds[index] == common[merged.count] {
        merged.append(sum)
        sum = 0
      }
    }
    return merged + [sum]
  }
}
