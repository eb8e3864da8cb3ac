internal import DeptopHTTP
internal import DeptopMetrics

/// The metrics of one answer, and what of it was not understood.
struct MetricPage: Sendable {
  var points: [MetricPoint]
  /// Sentences for the operator; none when all is well.
  var remarks: [String]

  /// Reads an exporter's page.
  init(scraped answer: HTTPResponse) {
    let reading = PrometheusText.parse(
      answer.body, syntax: answer.contentType.map { PrometheusText.Syntax(contentType: $0) })
    points = reading.points
    remarks = []
    if reading.wrongLines > 0 {
      let first = reading.firstWrongLines.first.map { " (line \($0.number): \($0.reason))" } ?? ""
      remarks.append("\(reading.wrongLines) wrong lines\(first)")
    }
    if reading.linesOverLimit > 0 { remarks.append("\(reading.linesOverLimit) lines over the limits") }
    if reading.rejectedHistograms > 0 { remarks.append(MetricPage.contradictory(reading.rejectedHistograms)) }
  }

  /// Reads a server's answer to a query.
  init(queried answer: HTTPResponse, from url: String) throws(SourceError) {
    let reading: PrometheusQuery.Reading
    do throws(PrometheusQueryError) {
      reading = try PrometheusQuery.parse(answer.body)
    } catch {
      let status = answer.isSuccess ? "" : "HTTP \(answer.status): "
      if case .refused = error { throw .permanent("\(url): \(status)\(error)") }
      throw .transient("\(url): \(status)\(error)")
    }
    points = reading.points
    remarks = reading.warnings
    if reading.wrongSamples > 0 { remarks.append("\(reading.wrongSamples) samples without a name or a number") }
    if reading.samplesOverLimit > 0 { remarks.append("\(reading.samplesOverLimit) samples over the limit") }
    if reading.rejectedHistograms > 0 { remarks.append(MetricPage.contradictory(reading.rejectedHistograms)) }
  }

  private static func contradictory(_ count: Int) -> String {
    "\(count) histograms whose buckets contradict each other"
  }

  /// The address of an instant query.
  static func queryURL(_ server: String, _ query: String) -> String {
    let base = server.hasSuffix("/") ? String(server.dropLast()) : server
    return "\(base)/api/v1/query?query=\(escaped(query))"
  }

  /// Percent-encoding of a value in a URL's query (RFC 3986, section 2.1).
  private static func escaped(_ text: String) -> String {
    text.utf8.map { byte in
      let scalar = Unicode.Scalar(byte)
      let isPlain = scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil)
      if isPlain || "-._~".unicodeScalars.contains(scalar) { return String(scalar) }
      return "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
    }.joined()
  }
}
