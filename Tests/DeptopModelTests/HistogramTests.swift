import DeptopModel
import Glibc
import Testing

struct HistogramTests {
  private func made(
    scale: Int32 = 5, zeroCount: UInt64 = 0, _ buckets: [(index: Int32, count: UInt64)], unit: Duration = .seconds(1)
  ) throws -> Histogram {
    try #require(Histogram(scale: scale, zeroCount: zeroCount, buckets: buckets, unit: unit))
  }

  @Test(arguments: [0.5, 0.9, 0.95, 0.99, 0.999])
  func `a quantile is within the stated error of the exact one`(quantile: Double) throws {
    var generator = SystemRandomNumberGenerator()
    let values = (0..<20_000).map { _ in exp2(Double.random(in: 1...26, using: &generator)) }
    var histogram = Histogram()
    for value in values { histogram.record(.seconds(value / 1e6)) }
    let exact = values.sorted()[Int((quantile * Double(values.count)).rounded(.up)) - 1]
    let answered = try #require(histogram.quantile(quantile)).seconds * 1e6
    #expect(abs(answered - exact) / exact <= Histogram.finestRelativeError)
    #expect(histogram.relativeError <= Histogram.finestRelativeError)
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

  @Test(arguments: Int8(-3)...4)
  func `a merge with a coarser scale is what recording at that scale gives`(scale: Int8) {
    var fine = Histogram()
    var coarse = Histogram(scale: scale)
    var expected = Histogram(scale: scale)
    for number in 1...2000 {
      let latency = Duration.microseconds(number * number)
      if number.isMultiple(of: 3) { coarse.record(latency) } else { fine.record(latency) }
      expected.record(latency)
    }
    var other = coarse
    other.merge(fine)
    fine.merge(coarse)
    #expect(fine == expected)
    #expect(other == expected)
  }

  @Test func `merging with nothing changes nothing`() {
    var histogram = Histogram()
    histogram.record(.milliseconds(3))
    let before = histogram
    histogram.merge(Histogram(scale: -3))
    #expect(histogram == before)
    var empty = Histogram(scale: -3)
    empty.merge(before)
    #expect(empty == before)
  }

  @Test func `a scale that is finer than the finest is brought to it exactly`() throws {
    let fine = try made(scale: 7, [(-9, 1), (-8, 2), (-5, 3), (3, 4), (4, 5)])
    #expect(fine.scale == 5)
    #expect(fine.buckets.map(\.index) == [-3, -2, 0, 1])
    #expect(fine.buckets.map(\.count) == [1, 5, 4, 5])
    #expect(fine.relativeError <= Histogram.finestRelativeError)
  }

  @Test func `the difference of two states is what was recorded between them`() throws {
    var histogram = Histogram()
    var between = Histogram()
    for number in 1...500 { histogram.record(.microseconds(number * 11)) }
    let earlier = histogram
    for number in 1...300 {
      histogram.record(.microseconds(number * 90))
      between.record(.microseconds(number * 90))
    }
    #expect(histogram.subtracting(earlier) == between)
    #expect(histogram.subtracting(histogram)?.count == 0)
    #expect(earlier.subtracting(histogram) == nil)
  }

  @Test func `a state that lost a value in one bucket is not a later one`() throws {
    let earlier = try made([(1, 2), (2, 2)])
    let later = try made([(1, 9), (2, 1)])
    #expect(later.subtracting(earlier) == nil)
  }

  @Test func `a client that coarsened its histogram in between is subtracted at the coarser scale`() throws {
    let earlier = try made([(0, 1), (1, 1), (2, 1)])
    let later = try made(scale: 4, [(0, 5), (1, 1)])
    #expect(try #require(later.subtracting(earlier)).buckets == [.init(index: 0, count: 3)])
  }

  @Test(arguments: [Duration.milliseconds(1), .microseconds(1), .nanoseconds(1), .seconds(1), .seconds(0.5)])
  func `buckets in another unit stay within the stated error`(unit: Duration) throws {
    for index in stride(from: Int32(-640), to: 1200, by: 7) {
      let shifted = try made([(index, 1)], unit: unit)
      let low = unit.seconds * exp2(Double(index) / 32)
      let high = unit.seconds * exp2(Double(index + 1) / 32)
      guard low > 1e-6, high < 100 else { continue }
      let answered = try #require(shifted.quantile(0.5)).seconds
      #expect(shifted.shift <= 0.5)
      #expect(max(high / answered, answered / low) <= (1 + shifted.relativeError) * (1 + 1e-9))
    }
  }

  @Test func `a unit that is a power of two seconds moves no bounds`() throws {
    let halves = try made([(0, 1)], unit: .seconds(0.5))
    #expect(halves.shift == 0)
    #expect(halves.buckets == [.init(index: -32, count: 1)])
  }

  @Test func `zeros count, and a quantile among them is zero`() throws {
    let zeros = try made(zeroCount: 6, [(0, 4)])
    #expect(zeros.count == 10)
    #expect(zeros.quantile(0.6) == .zero)
    #expect(try #require(zeros.quantile(0.61)) > .seconds(1))
    var merged = zeros
    merged.merge(zeros)
    #expect(merged.zeroCount == 12)
    #expect(merged.subtracting(zeros) == zeros)
  }

  @Test func `a latency lies in the bucket that it is counted in`() {
    let histogram = Histogram()
    for latency in [1.1e-6, 0.001, 0.25, 0.5, 1, 1.0001, 2, 99] {
      let bounds = histogram.bounds(of: .init(index: histogram.index(of: .seconds(latency)), count: 1))
      #expect(bounds.above.seconds < latency)
      #expect(latency <= bounds.to.seconds * (1 + 1e-12))
    }
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
