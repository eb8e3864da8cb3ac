import DeptopMetrics
import DeptopModel
import Testing

@Suite struct PrometheusTextTests {
  @Test(arguments: [
    "w{a=\"b\",} 1", "w{} 1", "w{a=\"x\"}1", "w\t{a=\"x\"}\t1", "a:b 1", "w 1e3", "w{a=\"é\"} 1", "w nan", "w inf",
    "w NaN", "w +Inf", "w -Inf", "w 1 1700000000000", "w +Inf ", "  w 1", "w{a=\"\\\\ \\\" \\n\"} 1", "w{a=\"\\q\"} 1",
    "w{a=\"1\" b=\"2\"} 1", "w 1\r", "{\"quoted.name\",a=\"1\"} 1", "{\"quoted.name\"} 1", "w{\"a.b\"=\"1\"} 1",
  ])
  func `a line that somebody writes is read`(line: String) {
    let reading = PrometheusText.parse(Array(line.utf8))
    #expect(reading.wrongLines == 0)
    #expect(reading.points.count == 1)
  }

  @Test(arguments: [
    "w 0x1p3", "w 1_000", "w 1 1.5", "w{a='1'} 1", "a.b 1", "1a 1", "w{,a=\"1\"} 1", "w 1 # {x=\"1\"} 1", "w",
    "w{a=\"1\"",
    "w{a=\"1} 1", "{a=\"1\"} 1", "w 1 2 3", "w one", "# TYPE w chart",
  ])
  func `a wrong line costs itself and nothing else`(line: String) throws {
    let reading = PrometheusText.parse(Array("before 1\n\(line)\nafter 2\n".utf8))
    #expect(reading.points.map(\.name) == ["before", "after"])
    #expect(reading.wrongLines == 1)
    let wrong = try #require(reading.firstWrongLines.first)
    #expect(wrong.number == 2)
    #expect(wrong.text == line)
  }

  @Test(arguments: ["", "\n", "\n\n", "#", "# HELP w", "# HELP w text\\n", "# a comment", "# EOF"])
  func `lines that say nothing are no mistake`(line: String) {
    let reading = PrometheusText.parse(Array(line.utf8))
    #expect(reading == PrometheusText.Reading())
  }

  @Test func `escapes in label values are resolved and an unknown one stands for itself`() {
    let reading = PrometheusText.parse(Array(#"w{a="\\ \" \n \q"} 1"#.utf8))
    #expect(reading.points.first?.attributes == ["a": "\\ \" \n \\q"])
  }

  @Test func `types decide what a number is`() {
    let text = """
      # TYPE c counter
      c 1
      # TYPE g gauge
      g 2
      # TYPE u untyped
      u 3
      v 4
      """
    let values = PrometheusText.parse(Array(text.utf8)).points.map(\.value)
    #expect(values == [.counter(1, .cumulative), .gauge(2), .untyped(3), .untyped(4)])
  }

  @Test func `a histogram is put together from its samples in any order`() throws {
    let text = """
      # TYPE h histogram
      h_count{p="x"} 6
      h_bucket{le="+Inf",p="x"} 6
      h_bucket{p="x",le="0.1"} 1
      h_bucket{p="x",le="0.5"} 3
      h_bucket{p="y",le="0.1"} 9
      h_bucket{p="y",le="+Inf"} 9
      h_sum{p="x"} 7.5
      """
    let points = PrometheusText.parse(Array(text.utf8)).points
    try #require(points.count == 2)
    #expect(points[0].name == "h")
    #expect(points[0].attributes == ["p": "x"])
    #expect(
      points[0].value
        == .histogram(ExplicitHistogram(bounds: [0.1, 0.5], counts: [1, 2, 3], sum: 7.5), .cumulative))
    #expect(points[1].value == .histogram(ExplicitHistogram(bounds: [0.1], counts: [9, 0]), .cumulative))
  }

  @Test(arguments: [
    "h_bucket{le=\"0.1\"} 5\nh_bucket{le=\"0.5\"} 4\nh_bucket{le=\"+Inf\"} 6", "h_bucket{le=\"x\"} 1",
    "h_bucket{le=\"1\"} -1\nh_bucket{le=\"+Inf\"} 1", "h_bucket{le=\"1\"} NaN\nh_bucket{le=\"+Inf\"} 1",
    "h_bucket{le=\"1\"} 1.5\nh_bucket{le=\"+Inf\"} 2", "h_bucket{le=\"1\"} 1",
  ])
  func `a histogram that contradicts itself is rejected and counted`(lines: String) {
    let reading = PrometheusText.parse(Array("# TYPE h histogram\n\(lines)\nw 1\n".utf8))
    #expect(reading.points.map(\.name) == ["w"])
    #expect(reading.rejectedHistograms == 1)
  }

  @Test func `buckets without a type make a histogram`() {
    let reading = PrometheusText.parse(Array("h_bucket{le=\"1\"} 2\nh_bucket{le=\"+Inf\"} 3\nh_sum 4\nh_count 3".utf8))
    #expect(
      reading.points.map(\.value) == [.histogram(ExplicitHistogram(bounds: [1], counts: [2, 1], sum: 4), .cumulative)])
  }

  @Test func `a summary keeps its quantiles, count and sum`() throws {
    let text = "# TYPE s summary\ns{quantile=\"0.5\"} 1.5\ns{quantile=\"0.9\"} 2\ns_sum 10\ns_count 4\n"
    let points = PrometheusText.parse(Array(text.utf8)).points
    #expect(points.map(\.value) == [.summary(QuantileSummary(quantiles: [0.5: 1.5, 0.9: 2], count: 4, sum: 10))])
  }

  @Test func `OpenMetrics gives units, start times, exemplars and seconds`() throws {
    let text = """
      # TYPE http_seconds counter
      # UNIT http_seconds seconds
      # HELP http_seconds x
      http_seconds_total{a="b"} 5 1700000000.5 # {trace_id="x"} 0.5 1700000000
      http_seconds_created{a="b"} 1600000000.25
      # EOF
      """
    let reading = PrometheusText.parse(Array(text.utf8))
    #expect(reading.wrongLines == 0)
    let point = try #require(reading.points.first)
    #expect(point.name == "http_seconds_total")
    #expect(point.unit == "seconds")
    #expect(point.value == .counter(5, .cumulative))
    #expect(point.time?.secondsSinceEpoch == 1_700_000_000.5)
    #expect(point.startTime?.secondsSinceEpoch == 1_600_000_000.25)
  }

  @Test func `what is over a limit is counted and the rest is read`() {
    let limits = PrometheusText.Limits(lineBytes: 20, samples: 2, labels: 1, toldLines: 1)
    let text = "a 1\nb{x=\"1\",y=\"2\"} 1\n\(String(repeating: "c", count: 30)) 1\nd 1\ne 1\n!\n?\n"
    let reading = PrometheusText.parse(Array(text.utf8), limits: limits)
    #expect(reading.points.map(\.name) == ["a", "d"])
    #expect(reading.linesOverLimit == 3)
    #expect(reading.wrongLines == 2)
    #expect(reading.firstWrongLines.count == 1)
  }

  @Test func `a wrong line is shown without what controls a terminal`() {
    let reading = PrometheusText.parse(Array("\u{1B}[2J\u{202E}w".utf8))
    #expect(reading.firstWrongLines.first?.text == "\\u{1b}[2J\\u{202e}w")
  }

  @Test func `bytes that are no UTF-8 cost their line`() {
    let reading = PrometheusText.parse(Array("w{a=\"".utf8) + [0xFF, 0xFE] + Array("\"} 1\nb 1".utf8))
    #expect(reading.points.map(\.name) == ["b"])
    #expect(reading.wrongLines == 1)
  }
}
