import DeptopDiagnosis
import DeptopModel
import Testing

struct FindingLifecycleTests {
  private let condition = Finding(
    rule: "M00", dependency: "orders-db", level: .critical, text: "something", since: .init(secondsSinceEpoch: 0),
    evidence: [], confidence: 0.9)

  /// Runs ticks of one second, one for each letter: `x` where the condition holds; answers the states after each.
  private func states(_ ticks: String, needed: [RuleID: Int] = [:]) -> [Finding.State?] {
    var lifecycle = FindingLifecycle(ticksNeeded: needed)
    return ticks.enumerated().map { index, tick in
      lifecycle.advance(with: tick == "x" ? [condition] : [], at: .init(secondsSinceEpoch: Double(index))).first?.state
    }
  }

  @Test func `it opens when the condition held in 3 of 5 ticks`() {
    #expect(states("xxx") == [.pending, .pending, .open])
    #expect(states("x.x.x") == [.pending, .pending, .pending, .pending, .open])
  }

  @Test func `a rule that needs two ticks opens at the second`() {
    #expect(states("xx", needed: ["M00": 2]) == [.pending, .open])
    #expect(states("x...x", needed: ["M00": 2]) == [.pending, .pending, .pending, .pending, .open])
    #expect(states("x....x", needed: ["M00": 2]).last == .pending)
    #expect(states("xx", needed: ["M01": 2]) == [.pending, .pending])
  }

  @Test func `no rule needs less than one tick or more than the window has`() {
    #expect(states("x", needed: ["M00": 0]) == [.open])
    #expect(states("xxxxx", needed: ["M00": 99]) == [.pending, .pending, .pending, .pending, .open])
  }

  @Test func `a blip never opens and is forgotten`() {
    #expect(states("xx.....") == [.pending, .pending, .pending, .pending, .pending, .pending, nil])
  }

  @Test func `it clears only after 60 s without the condition`() {
    let states = states("xxx" + String(repeating: ".", count: 62))
    #expect(states[3] == .clearing)
    #expect(states[62] == .clearing)
    #expect(states[63] == nil)
  }

  @Test func `a return while it clears is the same finding`() {
    #expect(states("xxx...x") == [.pending, .pending, .open, .clearing, .clearing, .clearing, .open])
  }

  @Test func `a return after its end counts a recurrence and must hold again`() throws {
    var lifecycle = FindingLifecycle()
    var last: Finding?
    for second in 0..<80 {
      let holds = second < 3 || second >= 70
      last =
        lifecycle.advance(with: holds ? [condition] : [], at: .init(secondsSinceEpoch: Double(second))).first
        ?? last
      if second == 70 { #expect(last?.state == .pending) }
    }
    #expect(try #require(last).recurrences == 1)
    #expect(last?.state == .open)
  }

  @Test func `a clearing finding tells since when the condition is absent`() {
    var lifecycle = FindingLifecycle()
    for second in 0..<3 { _ = lifecycle.advance(with: [condition], at: .init(secondsSinceEpoch: Double(second))) }
    for second in 3..<9 {
      let finding = lifecycle.advance(with: [], at: .init(secondsSinceEpoch: Double(second))).first
      #expect(finding?.absentSince == .init(secondsSinceEpoch: 3))
    }
  }
}
