import DeptopBenchmarkFigures
import Testing

struct PercentilesTests {
  @Test(arguments: [(0.5, 50), (0.95, 95), (0.99, 99), (0.001, 1), (1, 100), (0, 1)] as [(Double, Double)])
  func `a percentile is one of the values`(share: Double, value: Double) {
    #expect(Percentiles((1...100).reversed().map(Double.init)).value(at: share) == value)
  }

  @Test(arguments: [([3, 1, 2], 2), ([4, 1, 3, 2], 2.5), ([7], 7)] as [([Double], Double)])
  func `the median lies in the middle`(values: [Double], median: Double) {
    #expect(Percentiles(values).median == median)
  }

  @Test func `nothing measured has no percentile`() {
    #expect(Percentiles([]).value(at: 0.5) == nil)
    #expect(Percentiles([]).median == nil)
  }

  @Test func `a ratio needs both sides and a divisor`() {
    #expect(ratio(3, to: 2) == 1.5)
    #expect(ratio(3, to: 0) == nil)
    #expect(ratio(nil, to: 2) == nil)
    #expect(ratio(3, to: nil) == nil)
  }

  @Test(
    arguments: [(1.005, 1, "1.0"), (0.05, 1, "0.1"), (-0.04, 1, "0.0"), (-12.34, 1, "-12.3"), (7.6, 0, "8")]
      as [(Double, Int, String)])
  func `a number is rounded as it is printed`(number: Double, digits: Int, text: String) {
    #expect(number.text(digits: digits) == text)
  }
}
