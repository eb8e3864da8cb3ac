internal import Glibc

/// Latencies in OpenTelemetry's base-2 exponential histogram, sparse, over 1 µs to 100 s.
///
/// At scale `s` bucket `i` holds values in (2^(i / 2^s), 2^((i + 1) / 2^s)] seconds. deptop's own histograms have scale
/// 5: a quantile is answered as the bucket's geometric middle, so it is at most 2^(1/64) - 1 = 1.09 % off. A histogram
/// that arrives with a finer scale is brought to 5, which is exact; one with a coarser scale keeps it, and with it the
/// larger ``relativeError``. Merging adds counts and is exact at the coarser scale of the two.
package struct Histogram: Sendable, Hashable {
  /// The finest scale that is kept: 2^scale buckets for each power of two.
  package static let finestScale: Int8 = 5
  /// The coarsest scale that is accepted: one bucket for each 2^8 = 256-fold.
  package static let coarsestScale: Int8 = -3
  /// The largest relative error of a quantile at the finest scale, a ratio.
  package static let finestRelativeError = 0.0109
  /// The range that values are counted in; those outside count in the first or last bucket.
  package static let range: ClosedRange<Duration> = .microseconds(1) ... .seconds(100)

  /// Buckets for each power of two are 2^scale.
  package private(set) var scale: Int8
  /// Counts by bucket index, ascending by index; never zero.
  package private(set) var buckets: [Bucket] = []
  /// Values that were reported as zero, or as too small to tell from it.
  package private(set) var zeroCount: UInt64 = 0
  /// Values recorded, zeros included.
  package private(set) var count: UInt64 = 0
  /// How far bucket bounds were moved to fit, in buckets: 0 unless the values were bucketed in another unit.
  package private(set) var shift: Double = 0

  /// One bucket that is not empty.
  package struct Bucket: Sendable, Hashable {
    package var index: Int16
    package var count: UInt64

    package init(index: Int16, count: UInt64) {
      self.index = index
      self.count = count
    }
  }

  package init(scale: Int8 = Histogram.finestScale) {
    self.scale = scale.clamped(to: Histogram.coarsestScale...Histogram.finestScale)
  }

  /// Takes counts that were made elsewhere; nil when the scale is coarser than ``coarsestScale``, or counts overflow.
  ///
  /// - Parameters:
  ///   - scale: 2^scale buckets for each power of two; finer than ``finestScale`` is merged into it.
  ///   - zeroCount: Values that count as zero.
  ///   - buckets: Index and count; any order, zero counts allowed.
  ///   - unit: What a value of 1 means; bounds are moved by less than half a bucket when it is no power of two seconds.
  package init?(
    scale: Int32, zeroCount: UInt64 = 0, buckets: some Sequence<(index: Int32, count: UInt64)>, unit: Duration
  ) {
    guard scale >= Int32(Histogram.coarsestScale), scale <= 64, unit > .zero else { return nil }
    let kept = min(scale, Int32(Histogram.finestScale))
    self.init(scale: Int8(kept))
    let offset = log2(unit.seconds) * exp2(Double(kept))
    shift = abs(offset - offset.rounded())
    self.zeroCount = zeroCount
    count = zeroCount
    for bucket in buckets where bucket.count > 0 {
      let (sum, overflow) = count.addingReportingOverflow(bucket.count)
      if overflow { return nil }
      count = sum
      let index = (Int64(bucket.index) >> Int64(scale - kept)) + Int64(offset.rounded())
      add(count: bucket.count, at: Int16(clamping: index).clamped(to: indices))
    }
  }

  /// The largest relative error of a quantile, a ratio.
  package var relativeError: Double { exp2((0.5 + shift) * exp2(-Double(scale))) - 1 }

  /// Counts one latency.
  ///
  /// - Complexity: O(log n) in the number of non-empty buckets, plus the insertion of a new one.
  package mutating func record(_ latency: Duration) {
    count += 1
    add(count: 1, at: index(of: latency))
  }

  /// Adds another histogram's counts; one that would not fit into 64 bits stays at the largest.
  ///
  /// - Complexity: O(n + m) in the numbers of non-empty buckets.
  package mutating func merge(_ other: Histogram) {
    guard other.count > 0 else { return }
    guard count > 0 else {
      self = other
      return
    }
    let common = min(scale, other.scale)
    shift = max(shift, other.shift)
    count = count.addingSaturated(other.count)
    zeroCount = zeroCount.addingSaturated(other.zeroCount)
    buckets = Histogram.combined(coarsened(to: common), other.coarsened(to: common)) { $0.addingSaturated($1) }
    scale = common
  }

  /// What was recorded since an earlier state of the same histogram; nil when this is not a later state of it.
  ///
  /// - Complexity: O(n + m) in the numbers of non-empty buckets.
  package func subtracting(_ earlier: Histogram) -> Histogram? {
    guard count >= earlier.count, zeroCount >= earlier.zeroCount else { return nil }
    var rest = Histogram(scale: min(scale, earlier.scale))
    rest.shift = max(shift, earlier.shift)
    var isLater = true
    rest.buckets = Histogram.combined(coarsened(to: rest.scale), earlier.coarsened(to: rest.scale)) { now, before in
      isLater = isLater && now >= before
      return now >= before ? now - before : 0
    }
    guard isLater else { return nil }
    rest.zeroCount = zeroCount - earlier.zeroCount
    rest.count = count - earlier.count
    return rest
  }

  /// The latency at a quantile, 0…1; nil when nothing was recorded.
  package func quantile(_ quantile: Double) -> Duration? {
    guard count > 0 else { return nil }
    let position = (quantile.clamped(to: 0...1) * Double(count)).rounded(.up)
    let rank = position < Double(count) ? max(1, UInt64(position)) : count
    var seen = zeroCount
    if seen >= rank { return .zero }
    for bucket in buckets {
      seen = seen.addingSaturated(bucket.count)
      if seen >= rank { return bound(Double(bucket.index) + 0.5) }
    }
    return nil
  }

  /// The values up to and including a bucket's upper bound lie above its lower one.
  package func bounds(of bucket: Bucket) -> (above: Duration, to: Duration) {
    (bound(Double(bucket.index)), bound(Double(bucket.index) + 1))
  }

  /// The bucket that a latency falls into.
  package func index(of latency: Duration) -> Int16 {
    let seconds = latency.seconds
    guard seconds > 1e-6 else { return indices.lowerBound }
    let exact = log2(min(seconds, 1e6)) * exp2(Double(scale))
    return Int16(exact.rounded(.up) - 1).clamped(to: indices)
  }

  /// The buckets that the range of values touches.
  package var indices: ClosedRange<Int16> {
    let size = exp2(Double(scale))
    return Int16((log2(1e-6) * size).rounded(.down))...Int16((log2(100) * size).rounded(.down))
  }

  private func bound(_ position: Double) -> Duration { .seconds(exp2(position * exp2(-Double(scale)))) }

  private func coarsened(to scale: Int8) -> [Bucket] {
    let steps = Int16(self.scale - scale)
    guard steps > 0 else { return buckets }
    var coarse: [Bucket] = []
    for bucket in buckets {
      let index = bucket.index >> steps
      if let last = coarse.last, last.index == index {
        coarse[coarse.count - 1].count = last.count.addingSaturated(bucket.count)
      } else {
        coarse.append(Bucket(index: index, count: bucket.count))
      }
    }
    return coarse
  }

  private static func combined(
    _ left: [Bucket], _ right: [Bucket], _ operation: (UInt64, UInt64) -> UInt64
  ) -> [Bucket] {
    var result: [Bucket] = []
    result.reserveCapacity(max(left.count, right.count))
    var (i, j) = (0, 0)
    while i < left.count || j < right.count {
      let index = min(i < left.count ? left[i].index : .max, j < right.count ? right[j].index : .max)
      var (first, second): (UInt64, UInt64) = (0, 0)
      if i < left.count, left[i].index == index { (first, i) = (left[i].count, i + 1) }
      if j < right.count, right[j].index == index { (second, j) = (right[j].count, j + 1) }
      let count = operation(first, second)
      if count > 0 { result.append(Bucket(index: index, count: count)) }
    }
    return result
  }

  private mutating func add(count added: UInt64, at index: Int16) {
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
}

/// `{"scale":5,"buckets":[[index,count],…]}`, with `zeroCount` where there are zeros.
extension Histogram: Codable {
  private enum CodingKeys: String, CodingKey {
    case scale, buckets, zeroCount, shift
  }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let scale = try container.decodeIfPresent(Int32.self, forKey: .scale) ?? Int32(Histogram.finestScale)
    let zeros = try container.decodeIfPresent(UInt64.self, forKey: .zeroCount) ?? 0
    let pairs = try container.decode([Pair].self, forKey: .buckets)
    guard
      let made = Histogram(
        scale: scale, zeroCount: zeros, buckets: pairs.lazy.map { ($0.index, $0.count) }, unit: .seconds(1))
    else {
      throw DecodingError.dataCorruptedError(
        forKey: .scale, in: container,
        debugDescription: "expected a scale from \(Histogram.coarsestScale) to 64 and counts that add up to 64 bits")
    }
    self = made
    shift = (try container.decodeIfPresent(Double.self, forKey: .shift) ?? 0).clamped(to: 0...1)
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(scale, forKey: .scale)
    try container.encode(buckets.map { Pair(index: Int32($0.index), count: $0.count) }, forKey: .buckets)
    if zeroCount > 0 { try container.encode(zeroCount, forKey: .zeroCount) }
    if shift > 0 { try container.encode(shift, forKey: .shift) }
  }

  /// `[index, count]`.
  private struct Pair: Codable {
    var index: Int32
    var count: UInt64

    init(index: Int32, count: UInt64) {
      self.index = index
      self.count = count
    }

    init(from decoder: any Decoder) throws {
      var container = try decoder.unkeyedContainer()
      index = try container.decode(Int32.self)
      count = try container.decode(UInt64.self)
    }

    func encode(to encoder: any Encoder) throws {
      var container = encoder.unkeyedContainer()
      try container.encode(index)
      try container.encode(count)
    }
  }
}

extension Comparable {
  /// The nearest value inside a range.
  package func clamped(to range: ClosedRange<Self>) -> Self {
    min(max(self, range.lowerBound), range.upperBound)
  }
}
