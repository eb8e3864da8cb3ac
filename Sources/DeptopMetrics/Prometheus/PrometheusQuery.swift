internal import DeptopConfiguration
internal import DeptopModel
internal import FoundationEssentials

/// Why an answer of Prometheus' query interface gives no points.
package enum PrometheusQueryError: Error, Hashable, CustomStringConvertible {
  /// The body is not the JSON of an answer.
  case malformed
  /// Prometheus refused the query; its own words, fit for a terminal.
  case refused(type: String, reason: String)

  package var description: String {
    switch self {
    case .malformed: "the answer is no JSON of Prometheus' query interface"
    case .refused(let type, let reason): "Prometheus refused the query (\(type)): \(reason)"
    }
  }
}

/// Answers of `GET /api/v1/query` and `/api/v1/query_range`.
package enum PrometheusQuery {
  /// What was found in an answer.
  package struct Reading: Sendable, Hashable {
    package var points: [MetricPoint] = []
    /// Samples without a name, as expressions have, or without a number.
    package var wrongSamples = 0
    /// Samples beyond the limit.
    package var samplesOverLimit = 0
    /// Histograms whose buckets contradict each other.
    package var rejectedHistograms = 0
    /// What Prometheus warned of, fit for a terminal; at most 5.
    package var warnings: [String] = []

    package init() {}
  }

  /// Reads an answer, whatever HTTP status it came with.
  ///
  /// Samples carry no types: numbers come untyped, buckets come together as histograms. Of a range the latest value
  /// counts. A scalar or a text gives no point.
  ///
  /// - Parameters:
  ///   - bytes: The body of the answer.
  ///   - limit: The most samples that are read.
  /// - Returns: The points, and what gave none.
  /// - Throws: ``PrometheusQueryError``.
  /// - Complexity: O(n) in the number of bytes, but for sorting the labels of each sample.
  package static func parse(_ bytes: [UInt8], limit: Int = 100_000) throws(PrometheusQueryError) -> Reading {
    let answer: PrometheusAnswer
    do {
      answer = try JSONDecoder().decode(PrometheusAnswer.self, from: Data(bytes))
    } catch {
      throw .malformed
    }
    guard answer.status == "success" else {
      throw .refused(
        type: DisplayText.clean(answer.errorType ?? "unknown", limit: 40),
        reason: DisplayText.clean(answer.error ?? "no reason given", limit: 300))
    }
    var reading = Reading()
    reading.warnings = (answer.warnings ?? []).prefix(5).map { DisplayText.clean($0, limit: 200) }
    assemble(answer.data?.series ?? [], limit: limit, into: &reading)
    return reading
  }

  private static func assemble(_ series: [PrometheusAnswer.Series], limit: Int, into reading: inout Reading) {
    var assembler = SampleAssembler()
    reading.samplesOverLimit = max(0, series.count - limit)
    // The buckets go first, so that sums and counts find their histogram.
    let ordered = series.prefix(max(0, limit)).filter(\.isBucket) + series.prefix(max(0, limit)).filter { !$0.isBucket }
    for one in ordered {
      if let sample = one.sample { assembler.add(sample) } else { reading.wrongSamples += 1 }
    }
    let assembled = assembler.finish()
    reading.points = assembled.points
    reading.rejectedHistograms = assembled.rejectedHistograms
  }
}
