internal import DeptopModel
internal import Glibc

/// Response times over the last ten minutes, by intervals of ten seconds and powers of two.
struct HeatMap: Sendable {
  /// Powers of two that are told apart: 2^-20 s (1 µs) to 2^7 s (128 s).
  static let powers: ClosedRange<Int> = -20...6

  private(set) var columns: [HeatColumn] = []

  /// Counts response times into the interval of a moment.
  mutating func record(_ times: Distribution, at now: WallTime) {
    guard times.count > 0 else { return }
    let length = HeatColumn.interval.seconds
    let start = WallTime(secondsSinceEpoch: (now.secondsSinceEpoch / length).rounded(.down) * length)
    if columns.last.map({ $0.at < start }) ?? true {
      let empty = [UInt64](repeating: 0, count: HeatMap.powers.count)
      columns.append(HeatColumn(at: start, first: HeatMap.powers.lowerBound, counts: empty))
      let oldest = start - HeatColumn.interval * HeatColumn.kept
      columns.removeAll { $0.at <= oldest }
    }
    for (power, count) in HeatMap.counts(of: times) {
      columns[columns.count - 1].counts[power.clamped(to: HeatMap.powers) - HeatMap.powers.lowerBound] += count
    }
  }

  private static func counts(of times: Distribution) -> [(power: Int, count: UInt64)] {
    switch times {
    case .exponential(let histogram):
      let zeros = histogram.zeroCount > 0 ? [(powers.lowerBound, histogram.zeroCount)] : []
      return zeros
        + histogram.buckets.map { bucket in
          let scale = Int(histogram.scale)
          return (scale >= 0 ? Int(bucket.index) >> scale : Int(bucket.index) << -scale, bucket.count)
        }
    case .buckets(let buckets):
      // Where in its bucket a value lies is not known: it is drawn in the bucket's middle.
      return buckets.counts.enumerated().compactMap { index, count in
        guard count > 0 else { return nil }
        let low = index > 0 ? buckets.boundsSeconds[index - 1] : 0
        let high = index < buckets.boundsSeconds.count ? buckets.boundsSeconds[index] : low * 2
        let middle = max((low + high) / 2, 1e-6)
        return (Int(log2(middle).rounded(.down)), count)
      }
    }
  }
}
