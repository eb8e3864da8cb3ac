/// Latencies in the form in which they arrived, which decides how exact a quantile of them can be.
package enum Distribution: Sendable, Hashable {
  case exponential(Histogram)
  case buckets(BucketCounts)

  /// Values counted.
  package var count: UInt64 {
    switch self {
    case .exponential(let histogram): histogram.count
    case .buckets(let buckets): buckets.count
    }
  }

  /// A quantile, 0…1, with the bounds that it is certain to lie in; nil when nothing was counted.
  package func quantile(_ quantile: Double) -> QuantileReading? {
    switch self {
    case .exponential(let histogram):
      histogram.quantile(quantile).map { value in
        let error = 1 + histogram.relativeError
        return QuantileReading(value, low: value / error, high: value * error)
      }
    case .buckets(let buckets): buckets.quantile(quantile)
    }
  }

  /// What was counted since an earlier state; nil when this is not a later state of the same distribution.
  package func subtracting(_ earlier: Distribution) -> Distribution? {
    switch (self, earlier) {
    case (.exponential(let now), .exponential(let before)): now.subtracting(before).map(Distribution.exponential)
    case (.buckets(let now), .buckets(let before)): now.subtracting(before).map(Distribution.buckets)
    default: nil
    }
  }

  /// Adds another distribution's counts.
  ///
  /// - Returns: False, and changes nothing, when the two have different forms: no exact sum of them exists.
  package mutating func merge(_ other: Distribution) -> Bool {
    switch (self, other) {
    case (.exponential(var mine), .exponential(let other)):
      mine.merge(other)
      self = .exponential(mine)
    case (.buckets(var mine), .buckets(let other)):
      mine.merge(other)
      self = .buckets(mine)
    default: return false
    }
    return true
  }
}

/// `{"exponential":…}` or `{"buckets":…}`.
extension Distribution: Codable {
  private enum CodingKeys: String, CodingKey {
    case exponential, buckets
  }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    if let histogram = try container.decodeIfPresent(Histogram.self, forKey: .exponential) {
      self = .exponential(histogram)
    } else {
      self = .buckets(try container.decode(BucketCounts.self, forKey: .buckets))
    }
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    switch self {
    case .exponential(let histogram): try container.encode(histogram, forKey: .exponential)
    case .buckets(let buckets): try container.encode(buckets, forKey: .buckets)
    }
  }
}

/// A quantile, and what is certain about it.
package struct QuantileReading: Sendable, Hashable, Codable {
  package var value: Duration
  package var low: Duration
  /// nil when it may be anything above the lower bound.
  package var high: Duration?

  private enum CodingKeys: String, CodingKey {
    case value = "valueSeconds"
    case low = "lowSeconds"
    case high = "highSeconds"
  }

  package init(_ value: Duration, low: Duration, high: Duration?) {
    self.value = value
    self.low = low
    self.high = high
  }
}

/// The percentiles of a window of latencies.
package struct LatencySummary: Sendable, Hashable, Codable {
  /// Values in the window; percentiles of few mean little.
  package var count: UInt64
  package var p50: QuantileReading
  package var p95: QuantileReading
  package var p99: QuantileReading
  /// True when the percentiles come from a few wide buckets: their bounds are what is known.
  package var isBucketed: Bool
  /// Clients whose latencies have another form, and are not in these percentiles.
  package var clientsLeftOut: Int

  /// nil when nothing was counted.
  package init?(_ distribution: Distribution?, clientsLeftOut: Int = 0) {
    guard let distribution, let p50 = distribution.quantile(0.5), let p95 = distribution.quantile(0.95),
      let p99 = distribution.quantile(0.99)
    else { return nil }
    count = distribution.count
    (self.p50, self.p95, self.p99) = (p50, p95, p99)
    if case .buckets = distribution { isBucketed = true } else { isBucketed = false }
    self.clientsLeftOut = clientsLeftOut
  }
}
