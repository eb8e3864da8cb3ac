import DeptopModel
import DeptopTestSupport
import Testing

@testable import DeptopCollector

/// A name's answers in short: `t=0 r1: A B, r2: A; t=5 r1: fail`.
///
/// What is between two semicolons comes together. `r1/60: A` has a TTL of 60 s instead of 5; `none` says that there is
/// no such name.
private struct Script {
  var knowledge = NameKnowledge(name: "db.lab")

  mutating func play(_ text: String) throws {
    for step in text.split(separator: ";") {
      let words = step.trimmed.split(separator: " ", maxSplits: 1)
      guard words.count == 2, let time = Double(words[0].dropFirst(2)) else { throw TestFailure("no step: \(step)") }
      let answers = try words[1].split(separator: ",").map(Script.answer)
      knowledge.record(answers, from: "dns", at: at(time))
    }
  }

  private static func answer(_ text: Substring) throws -> ResolverAnswer {
    let parts = text.split(separator: ":")
    guard parts.count == 2 else { throw TestFailure("no answer: \(text)") }
    let resolver = parts[0].trimmed.split(separator: "/")
    let ttl = resolver.count > 1 ? Double(resolver[1]) ?? 5 : 5
    let outcome: ResolverAnswer.Outcome =
      switch parts[1].trimmed {
      case "fail": .failed("timeout")
      case "none": .noSuchName("NXDOMAIN")
      case let letters: .addresses(letters.filter { $0 != " " }.map(address), ttl: .seconds(ttl))
      }
    return ResolverAnswer(name: "db.lab", resolver: String(resolver[0]), outcome: outcome)
  }

  /// `A B-5x2 C^1`: A is in the answers; B left at 5 s and was missed twice; C came back once.
  var state: String {
    knowledge.resolution.history.sorted { $0.address < $1.address }.map { entry in
      let left = entry.leftAt.map { "-\(Int($0.secondsSinceEpoch))x\(entry.absences)" } ?? ""
      return letter(entry.address) + left + (entry.returns > 0 ? "^\(entry.returns)" : "")
    }.joined(separator: " ")
  }

  var current: String { knowledge.resolution.addresses.map(letter).joined() }

  private static let letters = Dictionary(
    uniqueKeysWithValues: "ABCDEFGH".map { (DeptopCollectorTests.address($0), String($0)) })

  private func letter(_ address: IPAddress) -> String { Script.letters[address, default: "?"] }
}

extension Substring {
  fileprivate var trimmed: Substring {
    let start = drop { $0 == " " }
    return start.lastIndex { $0 != " " }.map { start[...$0] } ?? ""
  }
}

struct NameKnowledgeTests {
  @Test(arguments: [
    ("t=0 r1: A", "A", "A"),
    ("t=0 r1: A B; t=5 r1: B", "B", "A-5x1 B"),
    ("t=0 r1: A; t=5 r1: B; t=10 r1: B; t=15 r1: B", "B", "A-5x3 B"),
    // The union over the resolvers counts.
    ("t=0 r1: A, r2: B; t=5 r1: A; t=6 r2: B", "AB", "A B"),
    ("t=0 r1: A, r2: A; t=5 r1: B, r2: A", "AB", "A B"),
    ("t=0 r1: A, r2: A; t=5 r1: B, r2: A; t=10 r1: B, r2: B", "B", "A-10x1 B"),
    // An absence counts when every resolver has answered without the address once more.
    ("t=0 r1: A, r2: A; t=5 r1: B, r2: B; t=6 r1: B; t=7 r1: B; t=8 r1: B", "B", "A-5x1 B"),
    ("t=0 r1: A, r2: A; t=5 r1: B, r2: B; t=6 r1: B; t=7 r2: B", "B", "A-5x2 B"),
    // What comes back is counted.
    ("t=0 r1: A; t=5 r1: B; t=10 r1: A; t=15 r1: B", "B", "A-15x1^1 B^1"),
    // A failure is no answer: nothing leaves, nothing is counted.
    ("t=0 r1: A; t=5 r1: fail; t=10 r1: fail; t=15 r1: none", "A", "A"),
    ("t=0 r1: A; t=5 r1: B; t=10 r1: fail; t=15 r1: fail", "B", "A-5x1 B"),
    ("t=0 r1: fail", "", ""),
  ])
  func `answers fold into what is current and what left`(script: String, current: String, state: String) throws {
    var played = Script()
    try played.play(script)
    #expect(played.current == current)
    #expect(played.state == state)
  }

  @Test func `a resolver that fails keeps its addresses for a minute while others answer, and no longer`() throws {
    var script = Script()
    try script.play("t=0 r1: A, r2: B; t=5 r1: A, r2: fail; t=30 r1: A, r2: fail; t=64 r1: A, r2: fail")
    #expect(script.current == "AB")
    try script.play("t=66 r1: A, r2: fail")
    #expect(script.current == "A")
    #expect(script.state == "A B-66x1")
  }

  @Test func `a resolver whose answer holds longer is not silent while it is not due`() throws {
    var script = Script()
    try script.play("t=0 r1/5: A, r2/3600: B")
    for time in stride(from: 5, through: 1800, by: 5) { try script.play("t=\(time) r1/5: A") }
    #expect(script.state == "A B")
  }

  @Test func `a resolver that is not asked any more is forgotten when its answer is long over`() throws {
    var script = Script()
    try script.play("t=0 r1: A, r2/40: B; t=79 r1: A")
    #expect(script.current == "AB")
    try script.play("t=81 r1: A")
    #expect(script.current == "A")
  }

  @Test func `all resolvers failing changes nothing`() throws {
    var script = Script()
    try script.play("t=0 r1: A, r2: B")
    for time in 1...300 { try script.play("t=\(time) r1: fail, r2: fail") }
    #expect(script.current == "AB" && script.state == "A B")
    #expect(script.knowledge.resolution.resolvers.allSatisfy { $0.value.failure == "timeout" })
  }

  @Test func `the smallest lifetime of the current answers counts`() throws {
    var script = Script()
    try script.play("t=0 r1/60: A, r2/7: A; t=5 r2/30: A")
    #expect(script.knowledge.resolution.ttl == .seconds(30))
  }

  @Test func `an address is last seen when it was answered last, not when it was kept`() throws {
    var script = Script()
    try script.play("t=0 r1: A, r2: B; t=20 r1: A, r2: fail")
    let seen = Dictionary(
      uniqueKeysWithValues: script.knowledge.resolution.history.map { ($0.address, $0.lastSeenAt) })
    #expect(seen[address("A")] == at(20) && seen[address("B")] == at(0))
  }

  @Test func `an equal answer keeps the reading as it was`() throws {
    var script = Script()
    try script.play("t=0 r1: A; t=5 r1: A")
    #expect(script.knowledge.resolution.resolvers.map(\.observedAt) == [at(0)])
    try script.play("t=10 r1: B")
    #expect(script.knowledge.resolution.resolvers.map(\.observedAt) == [at(10)])
  }
}

struct RememberedNameTests {
  private func restarted(after script: String) throws -> Script {
    var before = Script()
    try before.play(script)
    return Script(knowledge: NameKnowledge(name: "db.lab", remembered: before.knowledge.remembered))
  }

  @Test func `a restart after the change knows what left`() throws {
    var script = try restarted(after: "t=0 r1: A; t=5 r1: B; t=10 r1: B")
    #expect(script.current == "" && script.state == "A-5x2 B")
    try script.play("t=100 r1: B; t=105 r1: B; t=110 r1: B")
    #expect(script.state == "A-5x3 B")
    #expect(script.knowledge.resolution.answers == 6)
    #expect(script.knowledge.resolution.firstAnsweredAt == at(0))
  }

  @Test func `a change while nobody looked is told at the first answer`() throws {
    var script = try restarted(after: "t=0 r1: A")
    try script.play("t=100 r1: B")
    #expect(script.state == "A-100x1 B")
    #expect(
      script.knowledge.resolution.changes
        == [AnswerChange(at: at(100), from: [address("A")], to: [address("B")])])
  }

  @Test func `resolvers that differ do not look like rotation after a restart`() throws {
    var script = try restarted(after: "t=0 r1: A, r2: B")
    try script.play("t=100 r1: A, r2: B")
    #expect(script.state == "A B")
    #expect(!script.knowledge.resolution.isRotating && script.knowledge.resolution.changes.isEmpty)
  }

  @Test func `other resolvers may be asked without anything being counted twice`() throws {
    var script = Script()
    try script.play("t=0 r1: A; t=5 r1: B")
    script.knowledge.forgetResolvers()
    #expect(script.knowledge.resolution.resolvers.isEmpty)
    try script.play("t=10 r9: B")
    #expect(script.state == "A-5x1 B" && script.current == "B")
  }

  @Test func `the history is bounded: the addresses that were seen longest ago go first`() {
    var knowledge = NameKnowledge(name: "db.lab")
    for number in 0..<1000 {
      let fresh = IPAddress(v4: 0x0b00_0000 + UInt32(number))
      knowledge.record(
        [ResolverAnswer(name: "db.lab", resolver: "r1", outcome: .addresses([fresh], ttl: .seconds(5)))],
        from: "dns", at: at(Double(number)))
    }
    let history = knowledge.resolution.history
    #expect(history.count == NameKnowledge.addressesKept)
    #expect(history.map(\.lastSeenAt).min() == at(Double(1000 - NameKnowledge.addressesKept)))
    #expect(knowledge.resolution.changes.count == NameKnowledge.changesKept)
    #expect(knowledge.resolution.changes.last?.at == at(999))
  }
}
