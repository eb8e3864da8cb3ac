package import DeptopModel

/// How far the product's percentiles are from those of ``ReferenceHistogram`` over the same latencies.
package struct PercentileAccuracy: Sendable {
  package static let quantiles = [0.5, 0.9, 0.95, 0.99, 0.999]
  /// The error that is promised, a ratio.
  package static let promised = 0.011

  /// One percentile in both.
  package struct Comparison: Sendable {
    package let quantile: Double
    package let reference: Duration
    package let answered: Duration

    /// |answered − reference| / reference.
    package var error: Double { (answered - reference).seconds.magnitude / reference.seconds }
  }

  package let comparisons: [Comparison]
  /// Values that both counted.
  package let count: UInt64

  /// Compares two histograms of the same latencies; percentiles that one of them does not answer are left out.
  package init(_ histogram: Histogram, _ reference: ReferenceHistogram) {
    count = min(histogram.count, reference.count)
    comparisons = PercentileAccuracy.quantiles.compactMap { quantile in
      histogram.quantile(quantile).map {
        Comparison(
          quantile: quantile, reference: .nanoseconds(Int64(clamping: reference.value(at: quantile))), answered: $0)
      }
    }
  }

  /// The largest error; nil without comparisons.
  package var worst: Double? { comparisons.map(\.error).max() }
}
