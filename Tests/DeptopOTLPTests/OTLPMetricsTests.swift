import DeptopMetrics
import DeptopModel
import DeptopOTLP
import Testing

@Suite struct OTLPMetricsTests {
  @Test func `a sum and a gauge come with their resource, times and unit`() throws {
    let reading = try OTLPMetrics.decode(Vectors.sumAndGauge, as: .protobuf)
    try #require(reading.points.count == 2)
    #expect(
      reading.points[0]
        == MetricPoint(
          name: "c", unit: "1", attributes: ["k": "-1"], value: .counter(-3, .cumulative),
          time: WallTime(secondsSinceEpoch: 2e-6), startTime: WallTime(secondsSinceEpoch: 1e-6),
          resource: ["service.name": "svc"]))
    #expect(reading.points[1].value == .gauge(1.5))
    #expect(reading.points[1].startTime == nil)
    #expect(reading.rejectedCount == 0)
  }

  @Test func `an explicit histogram keeps its buckets`() throws {
    let point = try #require(try OTLPMetrics.decode(Vectors.histogram, as: .protobuf).points.first)
    #expect(point.unit == "s")
    #expect(point.value == .histogram(ExplicitHistogram(bounds: [0.1, 0.5], counts: [1, 2, 0], sum: 0.6), .delta))
  }

  @Test func `an exponential histogram keeps scale, offset and zeros`() throws {
    let point = try #require(try OTLPMetrics.decode(Vectors.exponential, as: .protobuf).points.first)
    #expect(point.unit == nil)
    let expected = ExponentialHistogram(scale: 1, offset: -2, counts: [1, 0, 2], zeroCount: 1, sum: 7.5)
    #expect(point.value == .exponential(expected, .cumulative))
  }

  @Test func `a point without a value is counted as such`() throws {
    let reading = try OTLPMetrics.decode(Vectors.noValue, as: .protobuf)
    #expect(reading.points.isEmpty)
    #expect(reading.withoutValue == 1)
  }

  @Test func `JSON may write numbers as text and enums as numbers, and may say more`() throws {
    let json = #"""
      {"resourceMetrics":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"svc"}}]},
      "scopeMetrics":[{"scope":{"name":"s"},"metrics":[{"name":"c","unit":"s","description":"x","surprise":[1],
      "sum":{"aggregationTemporality":2,"isMonotonic":true,"dataPoints":[{"asInt":"7","timeUnixNano":"2000000000",
      "startTimeUnixNano":1000000000,"attributes":[{"key":"list","value":{"arrayValue":{"values":[{"stringValue":"x"},
      {"doubleValue":2}]}}}]}]}},
      {"name":"h","unit":"ms","histogram":{"aggregationTemporality":"AGGREGATION_TEMPORALITY_DELTA","dataPoints":[
      {"count":"3","sum":6,"bucketCounts":["1","2"],"explicitBounds":[5]}]}}]}]}]}
      """#
    let points = try OTLPMetrics.decode(Array(json.utf8), as: .json).points
    try #require(points.count == 2)
    #expect(points[0].value == .counter(7, .cumulative))
    #expect(points[0].startTime == WallTime(secondsSinceEpoch: 1))
    #expect(points[0].attributes == ["list": "x,2.0"])
    #expect(points[0].resource == ["service.name": "svc"])
    #expect(points[1].value == .histogram(ExplicitHistogram(bounds: [5], counts: [1, 2], sum: 6), .delta))
  }

  /// A metric in JSON, and why its point is refused.
  struct Refused: Sendable {
    let metric: String
    let reason: String

    init(_ metric: String, _ reason: String) {
      self.metric = metric
      self.reason = reason
    }
  }

  @Test(arguments: [
    Refused(#""name":"m""#, "the metric has no data of a known kind"),
    Refused(#""gauge":{"dataPoints":[{"asInt":1}]}"#, "the metric has no name"),
    Refused(
      #""name":"m","gauge":{"dataPoints":[{}]}"#, "the point has neither a number nor the flag that says so"),
    Refused(
      #""name":"m","sum":{"dataPoints":[{"asInt":1}]}"#, "the temporality is neither delta nor cumulative"),
    Refused(
      #""name":"m","histogram":{"aggregationTemporality":1,"dataPoints":[{"count":1,"bucketCounts":[1,0]}]}"#,
      "the histogram needs one bucket more than it has bounds"),
    Refused(
      #"""
      "name":"m","histogram":{"aggregationTemporality":1,"dataPoints":
      [{"count":2,"bucketCounts":[1,0],"explicitBounds":[1]}]}
      """#,
      "the histogram's buckets do not add up to its count"),
    Refused(
      #"""
      "name":"m","histogram":{"aggregationTemporality":1,"dataPoints":
      [{"bucketCounts":[0,0,0],"explicitBounds":[2,1]}]}
      """#,
      "the histogram's bounds are not finite and ascending"),
    Refused(
      #"""
      "name":"m","exponentialHistogram":{"aggregationTemporality":1,"dataPoints":
      [{"count":1,"positive":{"bucketCounts":["18446744073709551615","2"]}}]}
      """#,
      "the histogram's buckets do not add up to its count"),
  ])
  func `a point that cannot be taken is counted with its reason`(sample: Refused) throws {
    let json = #"{"resourceMetrics":[{"scopeMetrics":[{"metrics":[{\#(sample.metric)}]}]}]}"#
    let reading = try OTLPMetrics.decode(Array(json.utf8), as: .json)
    #expect(reading.points.isEmpty)
    #expect(reading.rejected == [sample.reason: 1])
  }

  @Test func `more points than allowed are counted and left out`() throws {
    let reading = try OTLPMetrics.decode(Vectors.sumAndGauge, as: .protobuf, limits: OTLPLimits(points: 1))
    #expect(reading.points.count == 1)
    #expect(reading.rejected == ["more than 1 points in one request": 1])
  }

  @Test(arguments: [OTLPEncoding.protobuf, .json])
  func `a body that is no request is refused with a reason`(encoding: OTLPEncoding) {
    #expect {
      try OTLPMetrics.decode(Array("{{{".utf8), as: encoding)
    } throws: { error in
      "\(error)".hasPrefix("the body is no OTLP metrics request in ")
    }
  }

  @Test func `the answer tells what was refused in both encodings`() {
    #expect(OTLPMetrics.response(rejected: 0, as: .protobuf).isEmpty)
    #expect(OTLPMetrics.response(rejected: 0, as: .json) == Array("{}".utf8))
    #expect(OTLPMetrics.response(rejected: 2, message: "no", as: .protobuf) == [0x0A, 6, 0x08, 2, 0x12, 2, 0x6E, 0x6F])
    #expect(
      String(decoding: OTLPMetrics.response(rejected: 2, message: "no", as: .json), as: UTF8.self)
        == #"{"partialSuccess":{"rejectedDataPoints":"2","errorMessage":"no"}}"#)
  }

  @Test func `the content type decides the encoding`() {
    #expect(OTLPEncoding(contentType: "application/x-protobuf") == .protobuf)
    #expect(OTLPEncoding(contentType: "Application/JSON; charset=utf-8") == .json)
    #expect(OTLPEncoding(contentType: "text/plain") == nil)
  }
}
