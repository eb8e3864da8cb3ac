import DeptopModel
import FoundationEssentials
import Testing

struct DurationCodingTests {
  @Test(arguments: [
    #"{"oldestWaitingSeconds":1e300}"#, #"{"oldestWaitingSeconds":-1e13}"#,
    #"{"breaker":{"state":"open","since":1e300}}"#, #"{"breaker":{"state":"open","since":"now"}}"#,
    #"{"policy":{"deadlineSeconds":1e20}}"#,
  ])
  func `a time that is out of range is refused`(text: String) {
    #expect(throws: DecodingError.self) { try JSONDecoder().decode(ClientReport.self, from: Data(text.utf8)) }
  }

  @Test func `a time in range is read`() throws {
    let text = #"{"oldestWaitingSeconds":0.25,"breaker":{"state":"half-open","since":1000000000000}}"#
    let report = try JSONDecoder().decode(ClientReport.self, from: Data(text.utf8))
    #expect(report.oldestWaiting == .milliseconds(250))
    #expect(report.breaker?.since == WallTime(secondsSinceEpoch: 1e12))
  }
}
