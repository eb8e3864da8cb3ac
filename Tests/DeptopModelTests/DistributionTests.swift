import DeptopModel
import FoundationEssentials
import Testing

struct DistributionTests {
  private func exponential(_ milliseconds: Int...) -> Distribution {
    var histogram = Histogram()
    for value in milliseconds { histogram.record(.milliseconds(value)) }
    return .exponential(histogram)
  }

  private func buckets(_ counts: [UInt64]) throws -> Distribution {
    .buckets(try #require(BucketCounts(boundsSeconds: [0.1, 0.5], counts: counts)))
  }

  @Test func `a quantile of an exponential histogram lies between bounds of its error`() throws {
    let reading = try #require(exponential(5, 80, 80, 80).quantile(0.5))
    let high = try #require(reading.high)
    #expect(reading.low < .milliseconds(80) && .milliseconds(80) < high)
    #expect(high.seconds / reading.low.seconds < 1.0222)
  }

  @Test func `the same form merges and subtracts`() throws {
    var sum = exponential(5, 7)
    let isExponentialMerged = sum.merge(exponential(9))
    #expect(isExponentialMerged)
    #expect(sum == exponential(5, 7, 9))
    #expect(sum.subtracting(exponential(5, 7)) == exponential(9))
    var counts = try buckets([1, 2, 3])
    let areBucketsMerged = counts.merge(try buckets([1, 1, 1]))
    #expect(areBucketsMerged)
    #expect(counts.count == 9)
    #expect(counts.subtracting(try buckets([1, 2, 3])) == (try buckets([1, 1, 1])))
  }

  @Test func `different forms neither merge nor subtract`() throws {
    var one = exponential(5)
    let isMerged = one.merge(try buckets([1, 2, 3]))
    #expect(!isMerged)
    #expect(one == exponential(5))
    #expect(one.subtracting(try buckets([0, 0, 0])) == nil)
    #expect(try buckets([1, 2, 3]).subtracting(exponential(5)) == nil)
  }

  @Test func `what is encoded is decoded`() throws {
    for original in [exponential(1, 20, 300), try buckets([1, 2, 3])] {
      let data = try JSONEncoder().encode(original)
      #expect(try JSONDecoder().decode(Distribution.self, from: data) == original)
    }
  }

  @Test(arguments: [#"{}"#, #"{"exponential":[]}"#, #"{"buckets":{"boundsSeconds":[],"counts":[]}}"#, #"[]"#])
  func `bad input is refused`(text: String) {
    #expect(throws: DecodingError.self) { try JSONDecoder().decode(Distribution.self, from: Data(text.utf8)) }
  }

  @Test func `a summary tells how it was counted, and nothing about nothing`() throws {
    let exact = try #require(LatencySummary(exponential(10, 10, 10, 90), clientsLeftOut: 2))
    #expect((exact.count, exact.isBucketed, exact.clientsLeftOut) == (4, false, 2))
    #expect(exact.p50.value < .milliseconds(11) && exact.p99.value > .milliseconds(88))
    #expect(try #require(LatencySummary(try buckets([0, 3, 0]))).isBucketed)
    #expect(LatencySummary(nil) == nil)
    #expect(LatencySummary(.exponential(Histogram())) == nil)
  }
}
