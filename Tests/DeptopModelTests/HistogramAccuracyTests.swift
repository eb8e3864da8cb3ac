import DeptopBenchmarkFigures
import DeptopModel
import Testing

struct HistogramAccuracyTests {
  @Test(arguments: LatencySamples.Shape.allCases)
  func `percentiles are within 1.1 % of hdrhistogram-swift's`(shape: LatencySamples.Shape) throws {
    var histogram = Histogram()
    var reference = ReferenceHistogram()
    for nanoseconds in LatencySamples(shape, seed: 20_261).prefix(1_000_000) {
      histogram.record(.nanoseconds(Int64(nanoseconds)))
      reference.record(nanoseconds)
    }
    let accuracy = PercentileAccuracy(histogram, reference)
    #expect(accuracy.count == 1_000_000)
    #expect(accuracy.comparisons.count == PercentileAccuracy.quantiles.count)
    let worst = try #require(accuracy.worst)
    print("\(shape): worst error of a percentile \(worst * 100) %")
    #expect(worst <= PercentileAccuracy.promised)
  }

  @Test(arguments: LatencySamples.Shape.allCases)
  func `a thousand clients' histograms merged in any order equal one of all latencies`(shape: LatencySamples.Shape) {
    var whole = Histogram()
    var clients = [Histogram](repeating: Histogram(), count: 1000)
    for (index, nanoseconds) in LatencySamples(shape, seed: 7).prefix(200_000).enumerated() {
      let latency = Duration.nanoseconds(Int64(nanoseconds))
      whole.record(latency)
      clients[index % clients.count].record(latency)
    }
    #expect(merged(clients) == whole)
    #expect(merged(clients.reversed()) == whole)
    #expect(merged(clients.shuffled()) == whole)
    #expect(pairwise(clients.shuffled()) == whole)
  }

  private func merged(_ histograms: [Histogram]) -> Histogram {
    histograms.reduce(into: Histogram()) { $0.merge($1) }
  }

  /// Merges neighbours until one histogram is left.
  private func pairwise(_ histograms: [Histogram]) -> Histogram {
    var rest = histograms
    while rest.count > 1 {
      rest = stride(from: 0, to: rest.count, by: 2).map { merged(Array(rest[$0..<min($0 + 2, rest.count)])) }
    }
    return rest.first ?? Histogram()
  }
}
