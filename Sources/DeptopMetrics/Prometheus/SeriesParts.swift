/// The samples of one histogram or summary.
struct SeriesParts {
  var sum: Double?
  var count: Double?
  private var buckets: [(bound: Double, count: Double)] = []
  private var quantiles: [Double: Double] = [:]
  private var isBroken = false

  /// Takes a cumulative count; a bound that is no number breaks the histogram.
  mutating func addBucket(bound: Double?, count: Double) {
    if let bound, !bound.isNaN { buckets.append((bound, count)) } else { isBroken = true }
  }

  /// Takes a quantile, 0…1; a sample without one says nothing.
  mutating func addQuantile(_ quantile: Double?, value: Double) {
    if let quantile, (0...1).contains(quantile) { quantiles[quantile] = value }
  }

  /// The point's value; nil for a histogram whose buckets are no counts, or shrink with their bounds.
  var value: MetricValue? {
    guard !isBroken else { return nil }
    let sum = sum.flatMap { $0.isFinite ? $0 : nil }
    guard !buckets.isEmpty else {
      let count = count.flatMap { UInt64(count: $0) }
      return .summary(QuantileSummary(quantiles: quantiles, count: count, sum: sum))
    }
    return histogram(sum: sum).map { .histogram($0, .cumulative) }
  }

  private func histogram(sum: Double?) -> ExplicitHistogram? {
    var cumulative: [Double: Double] = [:]
    for bucket in buckets { cumulative[bucket.bound] = bucket.count }
    let bounds = cumulative.keys.filter(\.isFinite).sorted()
    guard let total = cumulative[.infinity] ?? count, cumulative[-.infinity] == nil else { return nil }
    var counts: [UInt64] = []
    counts.reserveCapacity(bounds.count + 1)
    var below: UInt64 = 0
    for value in bounds.map({ cumulative[$0] ?? 0 }) + [total] {
      guard let value = UInt64(count: value), value >= below else { return nil }
      counts.append(value - below)
      below = value
    }
    return ExplicitHistogram(bounds: bounds, counts: counts, sum: sum)
  }
}
