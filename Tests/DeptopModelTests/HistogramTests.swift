import DeptopModel
import Glibc
import Testing

struct HistogramTests {
  @Test(arguments: [0.5, 0.9, 0.95, 0.99, 0.999])
  func `a quantile is within the stated error of the exact one`(quantile: Double) throws {
    var generator = SystemRandomNumberGenerator()
    let values = (0..<20_000).map { _ in exp2(Double.random(in: 1...26, using: &generator)) }
    var histogram = Histogram()
    for value in values { histogram.record(.seconds(value / 1e6)) }
    let exact = values.sorted()[Int((quantile * Double(values.count)).rounded(.up)) - 1]
    let answered = try #require(histogram.quantile(quantile)).seconds * 1e6
    #expect(abs(answered - exact) / exact <= Histogram.relativeError)
  }

  @Test func `merging parts equals recording the whole`() {
    let latencies = (1...5000).map { Duration.microseconds($0 * 37 % 90_000 + 1) }
    var whole = Histogram()
    var parts = [Histogram(), Histogram(), Histogram()]
    for (index, latency) in latencies.enumerated() {
      whole.record(latency)
      parts[index % 3].record(latency)
    }
    var merged = parts[2]
    merged.merge(parts[0])
    merged.merge(parts[1])
    #expect(merged == whole)
  }

  @Test func `nothing recorded has no quantile`() {
    #expect(Histogram().quantile(0.5) == nil)
  }

  @Test(arguments: [Duration.zero, .nanoseconds(1), .seconds(-1), .seconds(3600)])
  func `values outside the range count at its ends`(latency: Duration) {
    var histogram = Histogram()
    histogram.record(latency)
    #expect(histogram.count == 1)
    #expect(histogram.quantile(0.5) != nil)
  }
}
