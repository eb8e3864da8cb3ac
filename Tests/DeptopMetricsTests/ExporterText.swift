import DeptopMetrics
import DeptopModel
import Testing

/// What the built-in mappings make of an exporter's text.
struct ExporterText {
  let result: MappingResult

  init(_ bytes: [UInt8]) throws {
    let reading = PrometheusText.parse(bytes)
    try #require(reading.wrongLines == 0 && reading.linesOverLimit == 0 && reading.rejectedHistograms == 0)
    let engine = MappingEngine(try BuiltInMappings.load())
    var state = StreamState()
    result = engine.map(
      reading.points, defaultClient: ClientIdentity(name: "scraped"), state: &state,
      now: WallTime(secondsSinceEpoch: 0), isWhole: true)
  }

  /// The only report.
  func report() throws -> ClientReport {
    try #require(result.observations.count == 1)
    return result.observations[0].report
  }
}

/// Buckets with bounds in seconds.
func buckets(_ bounds: [Double], _ counts: [UInt64]) throws -> Distribution {
  .buckets(try #require(BucketCounts(boundsSeconds: bounds, counts: counts)))
}
