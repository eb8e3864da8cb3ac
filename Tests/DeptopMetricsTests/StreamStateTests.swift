import DeptopMetrics
import DeptopModel
import Testing

@Suite struct StreamStateTests {
  @Test func `deltas add up to a count that grows`() throws {
    var bench = try StreamBench()
    for (time, value) in [(1.0, 5.0), (2, 3), (3, 2)] {
      bench.take([StreamBench.point("requests", .counter(value, .delta), time: time)])
    }
    #expect(bench.requests == 10)
  }

  @Test(arguments: [Temporality.delta, .cumulative])
  func `a point that comes twice counts once`(temporality: Temporality) throws {
    var bench = try StreamBench()
    let point = StreamBench.point("requests", .counter(5, temporality), time: 1)
    bench.take([point, point])
    bench.take([point])
    #expect(bench.requests == 5)
    #expect(bench.result.duplicates == 1)
  }

  @Test func `a cumulative count that falls began anew and goes on growing`() throws {
    var bench = try StreamBench()
    for value in [10.0, 15, 4, 6] { bench.take([StreamBench.point("requests", .counter(value, .cumulative))]) }
    #expect(bench.requests == 21)
  }

  @Test func `a later start time is a new beginning even when the count is larger`() throws {
    var bench = try StreamBench()
    bench.take([StreamBench.point("requests", .counter(10, .cumulative), time: 1, start: 0)])
    bench.take([StreamBench.point("requests", .counter(12, .cumulative), time: 3, start: 2)])
    #expect(bench.requests == 22)
  }

  @Test func `streams that differ in a label add up`() throws {
    var bench = try StreamBench()
    bench.take([
      StreamBench.point("requests", .counter(10, .cumulative)),
      StreamBench.point("requests", .counter(5, .cumulative), stream: "2"),
    ])
    bench.take([StreamBench.point("requests", .counter(11, .cumulative))])
    #expect(bench.requests == 16)
  }

  @Test func `an up-down sum of deltas is a level`() throws {
    var bench = try StreamBench()
    for (time, value) in [(1.0, 5.0), (2, -3)] {
      bench.take([StreamBench.point("active", .upDown(value, .delta), time: time)])
    }
    #expect(bench.report?.pool?.active == 2)
  }

  @Test func `a gauge holds between parts of an export and goes when it is stale`() throws {
    var bench = try StreamBench(StreamState(staleAfter: .seconds(10)))
    bench.take([StreamBench.point("active", .gauge(4))], at: 0)
    bench.take([StreamBench.point("requests", .counter(1, .cumulative))], at: 10)
    #expect(bench.report?.pool?.active == 4)
    bench.take([StreamBench.point("requests", .counter(1, .cumulative))], at: 10.5)
    #expect(bench.report?.pool == nil)
  }

  @Test func `a gauge that is missing from a scrape is gone at once, and counts stay`() throws {
    var bench = try StreamBench()
    let count = StreamBench.point("requests", .counter(7, .cumulative), stream: "2")
    bench.take([StreamBench.point("active", .gauge(4)), count], isWhole: true)
    bench.take([StreamBench.point("requests", .counter(1, .cumulative))], isWhole: true)
    #expect(bench.report?.pool == nil)
    #expect(bench.requests == 8)
  }

  @Test func `the streams unseen for longest are forgotten when there are too many`() throws {
    var bench = try StreamBench(StreamState(maximumStreams: 10))
    for number in 0..<11 {
      bench.take([StreamBench.point("requests", .counter(1, .cumulative), stream: "\(number)")])
    }
    #expect(bench.result.evictedStreams == 2)
    #expect(bench.state.count == 9)
    #expect(bench.requests == 9)
  }

  @Test func `a metric that changes from number to histogram begins anew`() throws {
    var bench = try StreamBench()
    bench.take([StreamBench.point("latency", .counter(4, .cumulative))])
    bench.take([StreamBench.point("latency", .histogram(ExplicitHistogram(bounds: [1], counts: [2, 1]), .delta))])
    #expect(bench.requests == 3)
    #expect(bench.report?.responseTime == (try buckets([1], [2, 1])))
  }
}
