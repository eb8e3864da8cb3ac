internal import DeptopConfiguration
internal import DeptopModel

/// The conversion of a point's value into what its targets need.
struct PointAmount {
  var amount: Interpretation.Amount
  var temporality: Temporality
  /// The targets that the value serves.
  var targets: [MetricTarget]
  var partialRefusal: String?

  /// Why a value cannot be used.
  struct Refusal: Error {
    let reason: String
  }

  /// The most that one point may count: a Double is exact up to it, and sums of many stay within 64 bits.
  private static let maximumCount: UInt64 = 1 << 53

  static func convert(
    _ point: MetricPoint, targets: [MetricTarget], rule: MetricRule
  ) throws(Refusal) -> PointAmount {
    switch point.value {
    case .gauge(let value), .untyped(let value):
      try scalar(value, .cumulative, point, targets, rule)
    case .counter(let value, let temporality), .upDown(let value, let temporality):
      try scalar(value, temporality, point, targets, rule)
    case .histogram(let histogram, let temporality):
      try distribution(histogram.counts, temporality, targets) { () throws(Refusal) in
        try buckets(histogram, try timeUnit(point, rule))
      }
    case .exponential(let histogram, let temporality):
      try exponential(histogram, temporality, point, targets, rule)
    case .summary(let summary): try counted(summary, targets)
    }
  }

  private static func scalar(
    _ value: Double, _ temporality: Temporality, _ point: MetricPoint, _ targets: [MetricTarget], _ rule: MetricRule
  ) throws(Refusal) -> PointAmount {
    let levels = targets.filter { $0.need == .level }
    guard levels.isEmpty else { return try level(value, temporality, point, levels, rule) }
    let counts = targets.filter { $0.need == .count }
    guard !counts.isEmpty else { throw Refusal(reason: "a distribution needs a histogram, not a number") }
    guard value >= 0, value <= Double(maximumCount) else { throw Refusal(reason: "a count is not from 0 to 2^53") }
    return PointAmount(amount: .count(value), temporality: temporality, targets: counts)
  }

  private static func level(
    _ value: Double, _ temporality: Temporality, _ point: MetricPoint, _ targets: [MetricTarget], _ rule: MetricRule
  ) throws(Refusal) -> PointAmount {
    if value == rule.unknownValue || value.isNaN {
      return PointAmount(amount: .level(nil), temporality: .cumulative, targets: targets)
    }
    guard value.isFinite else { throw Refusal(reason: "a gauge is infinite") }
    if targets.contains(.breakerState) {
      guard let state = rule.states[value] else {
        throw Refusal(reason: "a breaker's state is a number without meaning")
      }
      return PointAmount(amount: .level(1), temporality: .cumulative, targets: [.breaker(state)])
    }
    guard targets.contains(.failureRatio) else {
      return PointAmount(amount: .level(value), temporality: temporality, targets: targets)
    }
    switch try unit(point, rule) {
    case .percent: return PointAmount(amount: .level(value / 100), temporality: .cumulative, targets: targets)
    case .ratio: return PointAmount(amount: .level(value), temporality: .cumulative, targets: targets)
    default: throw Refusal(reason: "a share has a unit of time")
    }
  }

  private static func exponential(
    _ histogram: ExponentialHistogram, _ temporality: Temporality, _ point: MetricPoint, _ targets: [MetricTarget],
    _ rule: MetricRule
  ) throws(Refusal) -> PointAmount {
    var result = try distribution(histogram.counts + [histogram.zeroCount], temporality, targets) {
      () throws(Refusal) in
      guard let duration = try timeUnit(point, rule).duration,
        let made = Histogram(
          scale: histogram.scale, zeroCount: histogram.zeroCount,
          buckets: histogram.counts.enumerated().lazy.map {
            (index: Int32(clamping: Int64(histogram.offset) + Int64($0.offset)), count: $0.element)
          }, unit: duration)
      else { throw Refusal(reason: "an exponential histogram's scale is coarser than \(Histogram.coarsestScale)") }
      return .exponential(made)
    }
    if histogram.negativeCount > 0 { result.partialRefusal = "a histogram of durations has values below zero" }
    return result
  }

  private static func distribution(
    _ counts: [UInt64], _ temporality: Temporality, _ targets: [MetricTarget],
    _ make: () throws(Refusal) -> Distribution
  ) throws(Refusal) -> PointAmount {
    let used = targets.filter { $0.need != .level }
    guard !used.isEmpty else { throw Refusal(reason: "a gauge needs a number, not a histogram") }
    var total: UInt64 = 0
    for count in counts {
      guard count <= maximumCount, total <= maximumCount else {
        throw Refusal(reason: "a histogram counts more than 2^53")
      }
      total += count
    }
    guard used.contains(where: { $0.need == .distribution }) else {
      return PointAmount(amount: .count(Double(total)), temporality: temporality, targets: used)
    }
    return PointAmount(amount: .distribution(try make()), temporality: temporality, targets: used)
  }

  private static func buckets(_ histogram: ExplicitHistogram, _ unit: MetricUnit) throws(Refusal) -> Distribution {
    let bounds = histogram.bounds.compactMap(unit.seconds)
    guard let buckets = BucketCounts(boundsSeconds: bounds, counts: histogram.counts) else {
      throw Refusal(reason: "a histogram's bounds are not finite and ascending, one fewer than its counts")
    }
    return .buckets(buckets)
  }

  private static func counted(_ summary: QuantileSummary, _ targets: [MetricTarget]) throws(Refusal) -> PointAmount {
    let counts = targets.filter { $0.need == .count }
    guard !counts.isEmpty else { throw Refusal(reason: "a summary has no buckets to make percentiles of") }
    guard let count = summary.count, count <= maximumCount else {
      throw Refusal(reason: "a summary has no count from 0 to 2^53")
    }
    return PointAmount(amount: .count(Double(count)), temporality: .cumulative, targets: counts)
  }

  private static func timeUnit(_ point: MetricPoint, _ rule: MetricRule) throws(Refusal) -> MetricUnit {
    let unit = try unit(point, rule)
    guard unit.duration != nil else { throw Refusal(reason: "a duration's unit is none of time") }
    return unit
  }

  /// The unit that the point has, else the one that the rule knows; never one that the name suggests.
  private static func unit(_ point: MetricPoint, _ rule: MetricRule) throws(Refusal) -> MetricUnit {
    guard let written = point.unit else {
      guard let unit = rule.unit else { throw Refusal(reason: "a metric has no unit") }
      return unit
    }
    guard let unit = MetricUnit(written: written) else {
      throw Refusal(reason: "the unit \"\(DisplayText.clean(written, limit: 20))\" is not known")
    }
    return unit
  }
}
