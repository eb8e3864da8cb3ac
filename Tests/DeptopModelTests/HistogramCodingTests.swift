import DeptopModel
import FoundationEssentials
import Testing

struct HistogramCodingTests {
  @Test func `what is encoded is decoded`() throws {
    var histogram = Histogram()
    for number in 1...400 { histogram.record(.microseconds(number * number)) }
    let buckets: [(index: Int32, count: UInt64)] = [(-20, 3), (5, 1)]
    let shifted = try #require(Histogram(scale: 3, zeroCount: 2, buckets: buckets, unit: .milliseconds(1)))
    #expect(shifted.shift > 0)
    for original in [histogram, shifted, Histogram(), Histogram(scale: -3)] {
      #expect(try decoded(try JSONEncoder().encode(original)) == original)
    }
  }

  @Test func `it reads pairs in any order, repeated and empty`() throws {
    let histogram = try decoded(Data(#"{"buckets":[[4,1],[-2,3],[4,2],[7,0]]}"#.utf8))
    #expect(histogram.scale == Histogram.finestScale)
    #expect(histogram.buckets == [.init(index: -2, count: 3), .init(index: 4, count: 3)])
    #expect(histogram.count == 6)
  }

  @Test func `indices far outside count at the ends`() throws {
    let histogram = try decoded(Data(#"{"buckets":[[-2147483648,1],[2147483647,1]]}"#.utf8))
    #expect(histogram.buckets.map(\.index) == [histogram.indices.lowerBound, histogram.indices.upperBound])
  }

  @Test(arguments: [
    #"{}"#, #"{"scale":-4,"buckets":[]}"#, #"{"scale":65,"buckets":[]}"#, #"{"buckets":[[1]]}"#,
    #"{"buckets":[[1,-1]]}"#, #"{"buckets":[[1,1.5]]}"#, #"{"buckets":[[2147483648,1]]}"#, #"{"buckets":{"1":1}}"#,
    #"{"buckets":[[1,18446744073709551615],[2,1]]}"#, #"{"zeroCount":1,"buckets":[[1,18446744073709551615]]}"#,
    #"{"zeroCount":-1,"buckets":[]}"#, #"{"scale":"5","buckets":[]}"#,
  ])
  func `bad input is refused`(text: String) {
    #expect(throws: DecodingError.self) { try decoded(Data(text.utf8)) }
  }

  @Test func `counts that add up to more than 64 bits stay at the largest`() throws {
    let full = try decoded(Data(#"{"buckets":[[1,18446744073709551615]]}"#.utf8))
    var merged = full
    merged.merge(try decoded(Data(#"{"zeroCount":1,"buckets":[[1,5],[9,18446744073709551600]]}"#.utf8)))
    #expect(merged.count == .max)
    #expect(merged.zeroCount == 1)
    for quantile in [0, 0.5, 1] { #expect(merged.quantile(quantile) != nil) }
    #expect(full.quantile(1) == full.quantile(0))
    var coarse = Histogram(scale: 0)
    coarse.record(.seconds(1))
    merged.merge(coarse)
    #expect(merged.scale == 0)
    #expect(merged.count == .max)
  }

  private func decoded(_ data: Data) throws -> Histogram { try JSONDecoder().decode(Histogram.self, from: data) }
}
