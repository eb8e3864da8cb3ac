import DeptopMetrics
import DeptopModel
import Testing

@Suite struct PrometheusQueryTests {
  private func answer(_ type: String, _ result: String) -> [UInt8] {
    Array(#"{"status":"success","data":{"resultType":"\#(type)","result":\#(result)}}"#.utf8)
  }

  @Test func `a vector gives untyped points with their time`() throws {
    let bytes = answer(
      "vector",
      #"""
      [{"metric":{"__name__":"up","job":"t"},"value":[1795371668.641,"0"]},
      {"metric":{"__name__":"n"},"value":[1,"NaN"]}]
      """#)
    let points = try PrometheusQuery.parse(bytes).points
    try #require(points.count == 2)
    #expect(
      points[0]
        == MetricPoint(
          name: "up", attributes: ["job": "t"], value: .untyped(0),
          time: WallTime(secondsSinceEpoch: 1_795_371_668.641)))
    guard case .untyped(let number) = points[1].value else { return #expect(Bool(false), "expected a number") }
    #expect(number.isNaN)
  }

  @Test func `buckets come together as a histogram wherever its sum stands`() throws {
    let bytes = answer(
      "vector",
      #"""
      [{"metric":{"__name__":"h_sum"},"value":[1,"2.5"]},{"metric":{"__name__":"h_bucket","le":"1"},"value":[1,"2"]},
      {"metric":{"__name__":"h_bucket","le":"+Inf"},"value":[1,"3"]},{"metric":{"__name__":"h_count"},"value":[1,"3"]}]
      """#)
    let values = try PrometheusQuery.parse(bytes).points.map(\.value)
    #expect(values == [.histogram(ExplicitHistogram(bounds: [1], counts: [2, 1], sum: 2.5), .cumulative)])
  }

  @Test func `of a range the latest value counts`() throws {
    let bytes = answer("matrix", #"[{"metric":{"__name__":"up"},"values":[[1,"0"],[2,"1"]]}]"#)
    let point = try #require(try PrometheusQuery.parse(bytes).points.first)
    #expect(point.value == .untyped(1))
    #expect(point.time == WallTime(secondsSinceEpoch: 2))
  }

  @Test(arguments: [("scalar", #"[1,"2"]"#), ("string", #"[1,"x"]"#), ("vector", "[]")])
  func `what is about no series gives no point`(type: String, result: String) throws {
    #expect(try PrometheusQuery.parse(answer(type, result)) == PrometheusQuery.Reading())
  }

  @Test func `samples without a name or a number are counted, and those beyond the limit`() throws {
    let bytes = answer(
      "vector",
      #"""
      [{"metric":{},"value":[1,"1"]},{"metric":{"__name__":"a"},"value":[1,"x"]},
      {"metric":{"__name__":"b"},"value":[1,"1"]}]
      """#)
    #expect(try PrometheusQuery.parse(bytes).wrongSamples == 2)
    #expect(try PrometheusQuery.parse(bytes, limit: 1).samplesOverLimit == 2)
  }

  @Test func `a refusal is told in Prometheus' words`() {
    let body = #"{"status":"error","errorType":"bad_data","error":"1:4: parse error: x"}"#
    #expect(throws: PrometheusQueryError.refused(type: "bad_data", reason: "1:4: parse error: x")) {
      try PrometheusQuery.parse(Array(body.utf8))
    }
  }

  @Test(arguments: ["", "<html>", "{}", "[]", #"{"status":"success","data":{"resultType":"vector","result":{}}}"#])
  func `a body that is no answer is refused`(body: String) {
    #expect(throws: PrometheusQueryError.malformed) { try PrometheusQuery.parse(Array(body.utf8)) }
  }
}
