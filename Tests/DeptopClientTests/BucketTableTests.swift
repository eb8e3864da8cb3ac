internal import DeptopModel
internal import Testing

@testable internal import DeptopClient

@Suite struct BucketTableTests {
  private let table = BucketTable()
  private let histogram = Histogram()

  private func index(of nanoseconds: UInt64) -> Int16 {
    BucketTable.indices.lowerBound + Int16(table.offset(of: nanoseconds))
  }

  @Test func `a time falls into the histogram's own bucket`() {
    var state: UInt64 = 0x9e37_79b9_7f4a_7c15
    for _ in 0..<200_000 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      // Every power of two up to 2^44 ns = 4.9 hours is as likely.
      let value = state >> (20 + state % 44)
      #expect(index(of: value) == histogram.index(of: .nanoseconds(Int64(value))), "\(value) ns")
    }
  }

  @Test func `times next to a bound fall on the histogram's side of it`() {
    for bound in table.upperBounds.dropLast() {
      for value in [bound - 1, bound, bound + 1] {
        #expect(index(of: value) == histogram.index(of: .nanoseconds(Int64(value))), "\(value) ns")
      }
    }
  }

  @Test(
    arguments: [
      (1_000_000_000, -1), (500_000_000, -33), (2_000_000_000, 31), (1_953_125, -289), (1_953_126, -288),
    ] as [(UInt64, Int16)])
  func `a power of two seconds is the inclusive upper bound of its bucket`(nanoseconds: UInt64, expected: Int16) {
    #expect(index(of: nanoseconds) == expected)
  }

  @Test(
    arguments: [
      (0, -638), (1, -638), (1_000, -638), (100_000_000_000, 212), (18_446_744_073_709_551_615, 212),
    ] as [(UInt64, Int16)])
  func `times outside of the range count at its ends`(nanoseconds: UInt64, expected: Int16) {
    #expect(index(of: nanoseconds) == expected)
  }

  @Test func `bounds lie where 2^(i / 32) seconds does`() {
    for (offset, bound) in table.upperBounds.dropLast().enumerated() {
      let bucket = Histogram.Bucket(index: BucketTable.indices.lowerBound + Int16(offset), count: 1)
      #expect(abs(histogram.bounds(of: bucket).to.seconds * 1e9 - Double(bound)) <= 1.001)
    }
  }
}
