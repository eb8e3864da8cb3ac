internal import DeptopMetrics

/// The value of a number point; one without is refused.
func number(_ point: OTLPNumberDataPoint) throws(PointReader.Refusal) -> Double {
  switch point.value {
  case .asDouble(let value): return value
  case .asInt(let value): return Double(value)
  case nil: throw .init(reason: "the point has neither a number nor the flag that says so")
  }
}

/// The temporality of a sum or a histogram, without which its numbers mean nothing.
func temporality(_ value: OTLPAggregationTemporality) throws(PointReader.Refusal) -> Temporality {
  switch value {
  case .delta: return .delta
  case .cumulative: return .cumulative
  case .unspecified, .UNRECOGNIZED: throw .init(reason: "the temporality is neither delta nor cumulative")
  }
}

/// Takes an explicit histogram whose counts add up; one without buckets is one bucket of everything.
func explicit(_ point: OTLPHistogramDataPoint) throws(PointReader.Refusal) -> ExplicitHistogram {
  let counts = point.bucketCounts.isEmpty ? [point.count] : point.bucketCounts
  let bounds = point.explicitBounds
  guard counts.count == bounds.count + 1 else {
    throw .init(reason: "the histogram needs one bucket more than it has bounds")
  }
  guard bounds.allSatisfy(\.isFinite), zip(bounds, bounds.dropFirst()).allSatisfy({ $0 < $1 }) else {
    throw .init(reason: "the histogram's bounds are not finite and ascending")
  }
  guard total(counts) == point.count else { throw .init(reason: "the histogram's buckets do not add up to its count") }
  return ExplicitHistogram(bounds: bounds, counts: counts, sum: point.hasSum ? point.sum : nil)
}

/// Takes an exponential histogram whose counts add up.
func exponential(_ point: OTLPExponentialHistogramDataPoint) throws(PointReader.Refusal) -> ExponentialHistogram {
  guard let negative = total(point.negative.bucketCounts),
    total(point.positive.bucketCounts + [point.zeroCount, negative]) == point.count
  else { throw .init(reason: "the histogram's buckets do not add up to its count") }
  return ExponentialHistogram(
    scale: point.scale, offset: point.positive.offset, counts: point.positive.bucketCounts,
    zeroCount: point.zeroCount, negativeCount: negative, sum: point.hasSum ? point.sum : nil)
}

func quantiles(_ point: OTLPSummaryDataPoint) -> QuantileSummary {
  let values = point.quantileValues.map { ($0.quantile, $0.value) }
  return QuantileSummary(
    quantiles: Dictionary(values) { $1 }.filter { (0...1).contains($0.key) }, count: point.count, sum: point.sum)
}

/// The sum of counts; nil when it does not fit into 64 bits.
private func total(_ counts: [UInt64]) -> UInt64? {
  var total: UInt64 = 0
  for count in counts {
    let (sum, overflow) = total.addingReportingOverflow(count)
    if overflow { return nil }
    total = sum
  }
  return total
}
