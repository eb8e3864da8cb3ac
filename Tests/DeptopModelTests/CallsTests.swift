import DeptopModel
import Testing

struct CallsTests {
  private let earlier = CallTotals(
    requests: 100, attempts: 120, fates: [.success: 90, .timeout: 10], timeouts: [.read: 10], errors: ["reset": 3],
    resets: 3)

  @Test func `the difference of two totals is what happened in between`() throws {
    var later = earlier
    later.add(
      CallTotals(
        requests: 10, attempts: 31, fates: [.success: 4, .retriesExhausted: 6], timeouts: [.deadline: 2],
        errors: ["reset": 1], resets: 1))
    let between = try #require(later.subtracting(earlier))
    #expect((between.requests, between.attempts, between.resets) == (10, 31, 1))
    #expect(between.fates == [.success: 4, .timeout: 0, .retriesExhausted: 6])
    #expect(between.timeouts == [.read: 0, .deadline: 2])
    #expect(between.errors == ["reset": 1])
  }

  @Test(arguments: [
    CallTotals(requests: 99), CallTotals(attempts: 5), CallTotals(fates: [.success: 90, .timeout: 9]),
    CallTotals(fates: [.success: 91]), CallTotals(timeouts: [:]), CallTotals(errors: ["reset": 2]),
    CallTotals(requests: 500, resets: 0),
  ])
  func `a count that went back means that the client began anew`(later: CallTotals) {
    #expect(later.subtracting(earlier) == nil)
  }

  @Test func `a count that is not kept any more is unknown, not zero`() throws {
    let rest = try #require(CallTotals(requests: 101).subtracting(earlier))
    #expect(rest == CallTotals(requests: 1))
  }

  @Test func `a sum keeps what either side counts`() {
    var sum = CallTotals(requests: 1, fates: [.success: 1])
    sum.add(CallTotals(attempts: 2, fates: [.success: 2, .rejected: 3]))
    #expect(sum == CallTotals(requests: 1, attempts: 2, fates: [.success: 3, .rejected: 3]))
    var none = CallTotals.none
    none.add(.none)
    #expect(none == .none)
  }

  @Test func `a sum of counts that are too large does not end the program`() {
    var sum = CallTotals(requests: .max, fates: [.success: .max])
    sum.add(CallTotals(requests: 2, fates: [.success: 2]))
    #expect(CallReading(window: .seconds(10), counts: sum).errorRatio != nil)
  }

  @Test func `ratios are of requests that were sent and that ended`() throws {
    let reading = CallReading(
      window: .seconds(10),
      counts: CallTotals(requests: 120, attempts: 310, fates: [.success: 57, .retriesExhausted: 43, .rejected: 20]))
    #expect(reading.rate(reading.counts.requests) == 12)
    #expect(reading.ended == 120)
    #expect(reading.failed == 63)
    #expect(reading.errorRatio == 63.0 / 120)
    #expect(reading.amplification == 3.1)
    #expect(abs(try #require(reading.retryRatio) - 2.1) < 1e-12)
  }

  @Test func `fewer attempts than requests are no negative retries`() {
    #expect(CallReading(window: .seconds(1), counts: CallTotals(requests: 10, attempts: 9)).retryRatio == 0)
  }

  @Test(arguments: [
    CallTotals.none, CallTotals(requests: 0, attempts: 0), CallTotals(attempts: 5), CallTotals(requests: 5),
    CallTotals(requests: 5, attempts: 0, fates: [.rejected: 5]),
  ])
  func `what is not counted, or counted of nothing, has no ratio`(counts: CallTotals) {
    let reading = CallReading(window: .seconds(10), counts: counts)
    #expect(reading.amplification == nil)
    #expect(reading.retryRatio == nil)
  }

  @Test func `no window has no rate`() {
    #expect(CallReading(window: .zero, counts: .none).rate(5) == nil)
    #expect(CallReading(window: .seconds(2), counts: .none).rate(nil) == nil)
  }
}
