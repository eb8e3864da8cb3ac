import DeptopMetrics
import DeptopModel
import Testing

@Suite struct RunningDistributionTests {
  private func explicit(_ counts: [UInt64], bounds: [Double] = [0.1, 1]) -> ExplicitHistogram {
    ExplicitHistogram(bounds: bounds, counts: counts)
  }

  private func histogram(_ bench: StreamBench) throws -> Histogram {
    guard case .exponential(let histogram) = bench.report?.responseTime else {
      throw Missing()
    }
    return histogram
  }

  private struct Missing: Error {}

  @Test func `cumulative buckets that fall began anew`() throws {
    var bench = try StreamBench()
    for counts in [[1, 2, 0], [2, 2, 1], [1, 0, 0]] as [[UInt64]] {
      bench.take([StreamBench.point("latency", .histogram(explicit(counts), .cumulative))])
    }
    #expect(bench.report?.responseTime == (try buckets([0.1, 1], [3, 2, 1])))
    #expect(bench.requests == 6)
  }

  @Test func `streams with other bounds meet at the bounds that both have`() throws {
    var bench = try StreamBench()
    bench.take([
      StreamBench.point("latency", .histogram(explicit([1, 2, 3]), .cumulative)),
      StreamBench.point("latency", .histogram(explicit([4, 5, 6], bounds: [0.5, 1]), .cumulative), stream: "2"),
    ])
    #expect(bench.report?.responseTime == (try buckets([1], [12, 9])))
  }

  @Test func `scales that differ meet at the coarser, whose bound is told`() throws {
    var bench = try StreamBench()
    let (fine, coarse) = (
      ExponentialHistogram(scale: 3, offset: 0, counts: [8]), ExponentialHistogram(scale: 0, offset: 0, counts: [2])
    )
    bench.take([StreamBench.point("latency", .exponential(fine, .delta), time: 1)])
    #expect(try histogram(bench).relativeError < 0.045)
    bench.take([StreamBench.point("latency", .exponential(coarse, .delta), time: 2)])
    let merged = try histogram(bench)
    #expect(merged.scale == 0)
    #expect(merged.buckets == [Histogram.Bucket(index: 0, count: 10)])
    #expect(merged.relativeError < 0.415)
  }

  @Test func `zeros count as values and as the lowest of them`() throws {
    var bench = try StreamBench()
    let value = ExponentialHistogram(scale: 0, offset: 0, counts: [1], zeroCount: 3)
    bench.take([StreamBench.point("latency", .exponential(value, .cumulative))])
    #expect(try histogram(bench).zeroCount == 3)
    #expect(bench.requests == 4)
    #expect(bench.report?.responseTime?.quantile(0.5)?.value == .zero)
  }

  @Test func `values below zero are left out and told`() throws {
    var bench = try StreamBench()
    let value = ExponentialHistogram(scale: 0, offset: 0, counts: [1], negativeCount: 5)
    bench.take([StreamBench.point("latency", .exponential(value, .cumulative))])
    #expect(bench.requests == 1)
    #expect(bench.result.rejected == ["a histogram of durations has values below zero": 1])
  }

  @Test func `two forms for one dependency are told, and one of them is shown`() throws {
    var bench = try StreamBench()
    bench.take([
      StreamBench.point("latency", .histogram(explicit([1, 0, 0]), .cumulative)),
      StreamBench.point(
        "latency", .exponential(ExponentialHistogram(scale: 0, offset: 0, counts: [1]), .cumulative), stream: "2"),
    ])
    #expect(bench.report?.responseTime?.count == 1)
    #expect(bench.requests == 2)
    #expect(bench.result.rejected == ["the histograms of one dependency have different forms": 1])
  }

  @Test func `counts that 64 bits do not hold together begin anew instead of crashing`() throws {
    var bench = try StreamBench()
    for time in 0..<1100 {
      bench.take([
        StreamBench.point("latency", .histogram(explicit([1 << 53, 0, 0]), .delta), time: Double(time), stream: "1"),
        StreamBench.point("latency", .histogram(explicit([1 << 53, 0, 0]), .delta), time: Double(time), stream: "2"),
      ])
    }
    #expect(bench.report?.responseTime != nil)
  }

  @Test(arguments: 1...20 as ClosedRange<UInt64>)
  func `shuffled deltas give the same as the whole`(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    var whole = Histogram(scale: 3)
    var points: [MetricPoint] = []
    for time in 0..<40 {
      let scale = Int32.random(in: 3...6, using: &generator)
      let counts = (0..<8).map { _ in UInt64.random(in: 0...5, using: &generator) }
      let delta = ExponentialHistogram(scale: scale, offset: -100, counts: counts)
      points.append(StreamBench.point("latency", .exponential(delta, .delta), time: Double(time)))
      let part = Histogram(
        scale: scale, buckets: counts.enumerated().map { (Int32($0.offset - 100), $0.element) }, unit: .seconds(1))
      whole.merge(try #require(part))
    }
    points.shuffle(using: &generator)
    var bench = try StreamBench()
    for batch in stride(from: 0, to: points.count, by: 7) {
      bench.take(Array(points[batch..<min(batch + 7, points.count)]))
    }
    bench.take(points)
    #expect(bench.result.duplicates == points.count)
    #expect(try histogram(bench) == whole)
  }
}
