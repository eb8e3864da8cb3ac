/// The value of a metric point, in the form in which it arrived.
package enum MetricValue: Sendable, Hashable {
  case gauge(Double)
  /// A sum that only grows.
  case counter(Double, Temporality)
  /// A sum that also shrinks.
  case upDown(Double, Temporality)
  /// A number whose sender does not say whether it is a gauge or a counter that began at some time.
  case untyped(Double)
  case histogram(ExplicitHistogram, Temporality)
  case exponential(ExponentialHistogram, Temporality)
  /// Count, sum and ready-made quantiles since the sender began.
  case summary(QuantileSummary)
}

/// What the number of a sum stands for.
package enum Temporality: String, Sendable, Hashable {
  /// What was added since the point before.
  case delta
  /// Everything since the start time.
  case cumulative
}

/// Values counted between explicit bounds, in the metric's unit.
package struct ExplicitHistogram: Sendable, Hashable {
  /// Upper bounds, inclusive, ascending and finite; one fewer than ``counts``.
  package var bounds: [Double]
  /// Values in each bucket, not accumulated; the last is everything above the last bound.
  package var counts: [UInt64]
  /// The sum of the values; nil when it is not known.
  package var sum: Double?

  package init(bounds: [Double], counts: [UInt64], sum: Double? = nil) {
    self.bounds = bounds
    self.counts = counts
    self.sum = sum
  }
}

/// Values counted in OpenTelemetry's base-2 exponential buckets, in the metric's unit.
///
/// Bucket `offset + k` holds values in (2^((offset + k) / 2^scale), 2^((offset + k + 1) / 2^scale)].
package struct ExponentialHistogram: Sendable, Hashable {
  package var scale: Int32
  /// The index of the first bucket of ``counts``.
  package var offset: Int32
  /// Values above zero in each bucket.
  package var counts: [UInt64]
  package var zeroCount: UInt64
  /// Values below zero, which no duration has.
  package var negativeCount: UInt64
  /// The sum of the values; nil when it is not known.
  package var sum: Double?

  package init(
    scale: Int32, offset: Int32, counts: [UInt64], zeroCount: UInt64 = 0, negativeCount: UInt64 = 0,
    sum: Double? = nil
  ) {
    self.scale = scale
    self.offset = offset
    self.counts = counts
    self.zeroCount = zeroCount
    self.negativeCount = negativeCount
    self.sum = sum
  }
}

/// Quantiles that the sender computed, which cannot be merged with those of others.
package struct QuantileSummary: Sendable, Hashable {
  /// Values by quantile, 0…1; a value may be NaN when nothing was recorded lately.
  package var quantiles: [Double: Double]
  /// nil when it is not known.
  package var count: UInt64?
  /// nil when it is not known.
  package var sum: Double?

  package init(quantiles: [Double: Double] = [:], count: UInt64? = nil, sum: Double? = nil) {
    self.quantiles = quantiles
    self.count = count
    self.sum = sum
  }
}
