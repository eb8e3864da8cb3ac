import DeptopModel
import FoundationEssentials
import Testing

struct BucketCountsTests {
  private func made(_ bounds: [Double], _ counts: [UInt64]) throws -> BucketCounts {
    try #require(BucketCounts(boundsSeconds: bounds, counts: counts))
  }

  @Test(
    arguments: [
      ([0.1, 0.1], [1, 1, 1]), ([0.2, 0.1], [1, 1, 1]), ([0.1], [1]), ([0.1], [1, 1, 1]), ([.infinity], [1, 1]),
      ([.nan], [1, 1]), ([-0.1], [1, 1]), ([1e300], [1, 1]), ([0.1], [.max, 1]),
    ] as [([Double], [UInt64])])
  func `bounds or counts that make no sense are refused`(bounds: [Double], counts: [UInt64]) {
    #expect(BucketCounts(boundsSeconds: bounds, counts: counts) == nil)
  }

  @Test(arguments: [
    #"{"boundsSeconds":[0.1],"counts":[1]}"#, #"{"boundsSeconds":[1e300],"counts":[1,1]}"#, #"{"counts":[1]}"#,
    #"{"boundsSeconds":[0.1],"counts":[1,-1]}"#,
  ])
  func `bad input is refused`(text: String) {
    #expect(throws: DecodingError.self) { try JSONDecoder().decode(BucketCounts.self, from: Data(text.utf8)) }
  }

  @Test func `what is encoded is decoded`() throws {
    let original = try made([0.005, 0.1, 2.5], [3, 0, 9, 1])
    #expect(try JSONDecoder().decode(BucketCounts.self, from: try JSONEncoder().encode(original)) == original)
  }

  @Test func `a quantile lies between the bounds of its bucket, by interpolation`() throws {
    let counts = try made([0.1, 0.2, 0.4], [10, 10, 10, 0])
    let median = try #require(counts.quantile(0.5))
    #expect(abs(median.value.seconds - 0.15) < 1e-9)
    #expect((median.low, median.high) == (.seconds(0.1), .seconds(0.2)))
    let last = try #require(counts.quantile(1))
    #expect((last.value, last.high) == (.seconds(0.4), .seconds(0.4)))
    #expect(try #require(counts.quantile(0)).low == .zero)
  }

  @Test func `above the last bound there is no upper one`() throws {
    let reading = try #require(try made([0.1], [1, 9]).quantile(0.99))
    #expect(reading == QuantileReading(.seconds(0.1), low: .seconds(0.1), high: nil))
  }

  @Test func `nothing counted has no quantile`() throws {
    #expect(try made([0.1], [0, 0]).quantile(0.5) == nil)
    #expect(try made([], [0]).quantile(0.5) == nil)
  }

  @Test func `equal bounds add bucket by bucket`() throws {
    var counts = try made([0.1, 0.2], [1, 2, 3])
    counts.merge(try made([0.1, 0.2], [10, 20, 30]))
    #expect(counts == (try made([0.1, 0.2], [11, 22, 33])))
  }

  @Test func `different bounds add over those that both have`() throws {
    let left = try made([0.1, 0.2, 0.4, 0.8], [1, 2, 3, 4, 5])
    let right = try made([0.05, 0.2, 0.8, 1.6], [10, 20, 30, 40, 50])
    let expected = try made([0.2, 0.8], [33, 37, 95])
    var (one, other) = (left, right)
    one.merge(right)
    other.merge(left)
    #expect(one == expected)
    #expect(other == expected)
  }

  @Test func `without a common bound only the number is left`() throws {
    var counts = try made([0.1], [1, 2])
    counts.merge(try made([0.3], [3, 4]))
    #expect(counts == (try made([], [10])))
  }

  @Test func `the difference is what was counted in between, over the same bounds only`() throws {
    let earlier = try made([0.1], [1, 2])
    #expect(try made([0.1], [4, 2]).subtracting(earlier) == (try made([0.1], [3, 0])))
    #expect(try made([0.1], [9, 1]).subtracting(earlier) == nil)
    #expect(try made([0.2], [9, 9]).subtracting(earlier) == nil)
  }

  @Test func `counts that add up to more than 64 bits stay at the largest`() throws {
    var counts = try made([0.1, 0.2], [.max - 1, 1, 0])
    counts.merge(try made([0.1, 0.2], [5, 5, 5]))
    #expect(counts.counts == [.max, 6, 5])
    #expect(counts.count == .max)
    #expect(counts.quantile(1) != nil)
    counts.merge(try made([0.2], [1, 1]))
    #expect(counts.counts == [.max, 6])
  }
}
