import DeptopModel
import DeptopSources
import Testing

@Suite struct NameReplyTests {
  private static let four = [IPAddress(v4: 0x0a00_0001), IPAddress(v4: 0x0a00_0002)]
  private static let six = [IPAddress(v6High: 0x2001_0db8_0000_0000, low: 1)]
  private let v4 = FamilyReply.addresses(four, ttl: .seconds(30))
  private let v6 = FamilyReply.addresses(six, ttl: .seconds(7))

  @Test func `both families are one answer with the smaller TTL`() {
    let outcome = NameReply(v4: v4, v6: v6).outcome(known: [])
    #expect(outcome == .addresses(NameReplyTests.four + NameReplyTests.six, ttl: .seconds(7)))
  }

  @Test func `an address that is given twice counts once`() {
    let twice = FamilyReply.addresses([NameReplyTests.four[1]] + NameReplyTests.four, ttl: .seconds(1))
    let outcome = NameReply(v4: twice, v6: .noAddress).outcome(known: [])
    #expect(outcome == .addresses(NameReplyTests.four.reversed(), ttl: .seconds(1)))
  }

  @Test(arguments: [FamilyReply.refusal("refused"), .silence("timed out after 2.0 s"), .noAddress, .noSuchName])
  func `a family that never had addresses does not spoil the other one`(reply: FamilyReply) {
    let outcome = NameReply(v4: v4, v6: reply).outcome(known: [.v4])
    #expect(outcome == .addresses(NameReplyTests.four, ttl: .seconds(30)))
  }

  @Test func `a family that had addresses and fails makes the answer a failure`() {
    let reply = NameReply(v4: v4, v6: .silence("timed out after 2.0 s"))
    #expect(reply.outcome(known: [.v4, .v6]) == .failed("AAAA: timed out after 2.0 s"))
    #expect(reply.families(known: [.v4, .v6]) == [.v4, .v6], "it is still expected")
  }

  @Test func `a family that lost its addresses is no longer expected`() {
    let reply = NameReply(v4: v4, v6: .noAddress)
    #expect(reply.outcome(known: [.v4, .v6]) == .addresses(NameReplyTests.four, ttl: .seconds(30)))
    #expect(reply.families(known: [.v4, .v6]) == [.v4])
  }

  @Test func `a failure says nothing about the name`() {
    #expect(NameReply(v4: .refusal("refused"), v6: .noSuchName).outcome(known: []) == .failed("refused"))
    #expect(NameReply(both: .silence("connection refused")).outcome(known: []) == .failed("connection refused"))
  }

  @Test func `a name without addresses differs from one that does not exist`() {
    #expect(NameReply(both: .noSuchName).outcome(known: []) == .noSuchName("no such name"))
    #expect(NameReply(both: .noAddress).outcome(known: []) == .noSuchName("no address"))
  }

  @Test func `an interrupted question has no answer`() {
    #expect(NameReply(v4: v4, v6: .interrupted).outcome(known: []) == nil)
  }
}

@Suite struct NameInquiryTests {
  private let found = FamilyReply.addresses([IPAddress(v4: 0x0a00_0001)], ttl: .seconds(30))
  private let search = SearchList(domains: ["a.lab", "lab"])

  /// Gives both families the same end and answers what has to happen then.
  private func record(_ reply: FamilyReply, in inquiry: inout NameInquiry) -> NameInquiry.Step {
    #expect(inquiry.record(reply, for: .v6) == .wait)
    return inquiry.record(reply, for: .v4)
  }

  @Test func `the next candidate is asked for when one does not exist`() {
    var inquiry = NameInquiry(name: "db", search: search)
    #expect(inquiry.current == "db.a.lab")
    #expect(record(.noSuchName, in: &inquiry) == .ask("db.lab"))
    #expect(record(found, in: &inquiry) == .end(NameReply(both: found)))
  }

  @Test func `a candidate with addresses in one family ends the search`() {
    var inquiry = NameInquiry(name: "db", search: search)
    #expect(inquiry.record(found, for: .v4) == .wait)
    #expect(inquiry.record(.noAddress, for: .v6) == .end(NameReply(v4: found, v6: .noAddress)))
  }

  @Test func `a silent resolver is not asked for further candidates`() {
    var inquiry = NameInquiry(name: "db", search: search)
    let silence = FamilyReply.silence("timed out after 2.0 s")
    #expect(record(silence, in: &inquiry) == .end(NameReply(both: silence)))
  }

  @Test func `an error for one candidate outweighs that the others do not exist`() {
    var inquiry = NameInquiry(name: "db", search: search)
    #expect(record(.refusal("refused"), in: &inquiry) == .ask("db.lab"))
    #expect(record(.noSuchName, in: &inquiry) == .ask("db"))
    #expect(record(.noAddress, in: &inquiry) == .end(NameReply(both: .refusal("refused"))))
  }
}
