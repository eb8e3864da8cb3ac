import DeptopModel
import DeptopWire
import Testing

@testable import DeptopCollector

/// A ledger with one plan `p-1` for `orders`, made at 1000.
private struct Desk {
  var ledger = ActionLedger()

  init() {
    ledger.store(plan("p-1"), at: at(1000))
  }

  mutating func admit(
    _ plan: PlanID = "p-1", key: String = "k", by actor: Actor = alice, as id: ActionID = "a-1", at now: Double = 1001
  ) throws(Refusal) -> ActionLedger.Admission {
    try ledger.admit(
      ExecuteRequest(plan: plan, idempotencyKey: key, reason: nil), by: actor, as: id, at: DeptopCollectorTests.at(now))
  }

  mutating func finish(_ outcome: Verdict.Outcome, at now: Double) {
    ledger.finish(
      "a-1",
      with: Verdict(
        outcome: outcome, endedAt: DeptopCollectorTests.at(now), duration: .seconds(1), comparisons: [], notes: []))
  }

  /// The code with which a request is refused; nil when it is not.
  mutating func refusal(_ request: (inout Desk) throws(Refusal) -> Void) -> Refusal.Code? {
    do throws(Refusal) {
      try request(&self)
      return nil
    } catch {
      return error.code
    }
  }
}

struct ActionLedgerTests {
  @Test func `a plan is carried out once, though nothing has to cool down`() throws {
    var desk = Desk()
    desk.ledger.store(plan("p-2", verb: .breaker), at: at(1000))
    _ = try desk.admit("p-2", key: "first")
    desk.finish(.healed, at: 1002)
    #expect(desk.refusal { desk throws(Refusal) in _ = try desk.admit("p-2", key: "second", as: "a-2") } == .refused)
  }

  @Test func `an admitted action is that of its plan`() throws {
    var desk = Desk()
    guard case .reserved(let plan, let status) = try desk.admit() else {
      Issue.record("not reserved")
      return
    }
    #expect(plan.id == "p-1" && status.plan == "p-1" && status.actor == alice && status.dependency == "orders")
    #expect(status.phase == .preflight && status.verdict == nil)
    let shown = desk.ledger.shown(at: at(1002))
    #expect(shown.map(\.id) == ["a-1"])
  }

  @Test func `the same key answers the same action, while it runs and afterwards`() throws {
    var desk = Desk()
    _ = try desk.admit()
    for now in [1001.5, 1100, 1500] {
      guard case .repeated(let status) = try desk.admit(as: "a-2", at: now) else {
        Issue.record("a second action at \(now)")
        return
      }
      #expect(status.id == "a-1")
      if now == 1001.5 { desk.finish(.healed, at: 1050) }
    }
    #expect(desk.ledger.actions.count == 1)
  }

  @Test func `a key is not used for another plan`() throws {
    var desk = Desk()
    desk.ledger.store(plan("p-2", dependency: "billing"), at: at(1000))
    _ = try desk.admit()
    let refusal = desk.refusal { desk throws(Refusal) in _ = try desk.admit("p-2", as: "a-2") }
    #expect(refusal == .invalid)
  }

  @Test func `another user's equal key is another key`() throws {
    var desk = Desk()
    desk.ledger.store(plan("p-2", dependency: "billing"), at: at(1000))
    _ = try desk.admit()
    guard case .reserved(_, let status) = try desk.admit("p-2", by: bob, as: "a-2") else {
      Issue.record("not reserved")
      return
    }
    #expect(status.actor == bob)
  }

  @Test(arguments: [(1059.9, nil), (1060, Refusal.Code.expired), (2000, .expired)])
  func `a plan is executed within its minute`(now: Double, expected: Refusal.Code?) {
    var desk = Desk()
    let refusal = desk.refusal { desk throws(Refusal) in _ = try desk.admit(at: now) }
    #expect(refusal == expected)
  }

  @Test func `a plan that does not exist is not found`() {
    var desk = Desk()
    let refusal = desk.refusal { desk throws(Refusal) in _ = try desk.admit("p-9") }
    #expect(refusal == .notFound)
  }

  @Test func `there is one action on a dependency at a time, and the refusal says whose`() throws {
    var desk = Desk()
    desk.ledger.store(plan("p-2"), at: at(1000))
    desk.ledger.store(plan("p-3", dependency: "billing"), at: at(1000))
    _ = try desk.admit()
    do throws(Refusal) {
      _ = try desk.admit("p-2", key: "other", by: bob, as: "a-2", at: 1013)
      Issue.record("two at a time")
    } catch {
      #expect(error.code == .refused)
      #expect(error.message.contains("alice (uid 1000)") && error.message.contains("12 s"))
    }
    _ = try desk.admit("p-3", key: "third", as: "a-3")
  }

  @Test(arguments: [
    (Verdict.Outcome.healed, 60.0), (.partial, 60), (.failed, 600), (.aborted, 600), (.interrupted, 600),
  ])
  func `after an action its dependency cools down`(outcome: Verdict.Outcome, seconds: Double) throws {
    var desk = Desk()
    _ = try desk.admit()
    desk.finish(outcome, at: 1020)
    desk.ledger.store(plan("p-2", createdAt: at(1020 + seconds - 30)), at: at(1020 + seconds - 30))
    let refusals = [1019 + seconds, 1020 + seconds].map { now in
      desk.refusal { desk throws(Refusal) in _ = try desk.admit("p-2", key: "again", as: "a-2", at: now) }
    }
    #expect(refusals == [.refused, nil])
    try desk.ledger.admit(.drain, on: "billing", at: at(1021))
  }

  @Test func `what was taken back leaves nothing behind`() throws {
    var desk = Desk()
    _ = try desk.admit()
    desk.ledger.withdraw("a-1")
    #expect(desk.ledger.actions.isEmpty)
    guard case .reserved(_, let status) = try desk.admit(as: "a-2") else {
      Issue.record("the key is still taken")
      return
    }
    #expect(status.id == "a-2")
  }

  @Test func `only the first end counts`() throws {
    var desk = Desk()
    _ = try desk.admit()
    desk.finish(.healed, at: 1010)
    desk.finish(.failed, at: 1011)
    #expect(desk.ledger.actions["a-1"]?.verdict?.outcome == .healed)
    #expect(desk.ledger.actions["a-1"]?.phase == .finished)
  }

  @Test func `equal lines of progress are noted once`() throws {
    var desk = Desk()
    _ = try desk.admit()
    for text in ["waiting", "waiting", "sent", "waiting"] {
      desk.ledger.note("a-1", phase: .waiting, progress: text, at: at(1002))
    }
    #expect(desk.ledger.actions["a-1"]?.progress.map(\.text) == ["waiting", "sent", "waiting"])
  }

  @Test func `ended actions are shown for ten minutes, and then forgotten with their keys`() throws {
    var desk = Desk()
    _ = try desk.admit()
    let running = desk.ledger.shown(at: at(99_999))
    #expect(running.count == 1, "a running action is never forgotten")
    desk.finish(.healed, at: 1020)
    let shown = [1620.0, 1621].map { desk.ledger.shown(at: at($0)).count }
    #expect(shown == [1, 0] && desk.ledger.actions.isEmpty)
    let refusal = desk.refusal { desk throws(Refusal) in _ = try desk.admit(as: "a-2", at: 1621) }
    #expect(refusal == .expired)
  }

  @Test func `stored plans are bounded: the oldest go first, and expired ones after a while`() {
    var ledger = ActionLedger()
    for number in 0..<1000 {
      ledger.store(plan(PlanID(rawValue: "p-\(number)"), createdAt: at(1000 + Double(number) / 100)), at: at(1010))
    }
    #expect(ledger.plans.count == ActionLedger.plansKept)
    #expect(ledger.plans["p-999"] != nil && ledger.plans["p-799"] == nil)
    ledger.store(plan("p-late", createdAt: at(5000)), at: at(5000))
    #expect(ledger.plans.keys.map(\.rawValue) == ["p-late"])
  }
}

struct RefusalQuotaTests {
  @Test func `one user's refusals are recorded up to a quota, another's are not touched by it`() {
    var quota = RefusalQuota()
    let admitted = (0..<1000).count { _ in quota.admits(1000, at: at(10)) }
    #expect(admitted == RefusalQuota.perUser)
    let others = [quota.admits(1001, at: at(10)), quota.admits(1000, at: at(600)), quota.admits(1000, at: at(611))]
    #expect(others == [true, false, true], "another user, within the window, after it")
  }

  @Test func `many users at once share what is left`() {
    var quota = RefusalQuota()
    let admitted = (0..<UInt32(5000)).count { quota.admits($0, at: at(10)) }
    #expect(admitted == RefusalQuota.users + RefusalQuota.perUser)
  }
}

extension ActionLedgerTests {
  @Test func `a breaker that was opened a moment ago may be closed at once`() throws {
    var ledger = ActionLedger()
    let opening = plan(verb: .breaker)
    ledger.store(opening, at: at(1000))
    _ = try ledger.admit(
      ExecuteRequest(plan: opening.id, idempotencyKey: "k", reason: nil), by: alice, as: "a-1", at: at(1001))
    ledger.finish(
      "a-1",
      with: Verdict(outcome: .healed, endedAt: at(1002), duration: .seconds(1), comparisons: [], notes: []))
    try ledger.admit(.breaker, on: "orders", at: at(1003))
    try ledger.admit(.drain, on: "orders", at: at(1003))
  }
}

/// How many actions a host bears within an hour.
struct DisturbanceTests {
  private func begin(_ number: Int, _ ledger: inout ActionLedger, verb: ActionVerb = .drain, at time: Double) throws {
    let id = PlanID(rawValue: "p-\(number)")
    ledger.store(
      plan(id, verb: verb, dependency: DependencyID(rawValue: "d\(number)"), createdAt: at(time)), at: at(time))
    _ = try ledger.admit(
      ExecuteRequest(plan: id, idempotencyKey: "\(number)", reason: nil), by: alice,
      as: ActionID(rawValue: "a-\(number)"), at: at(time))
  }

  @Test func `one too many within the hour is refused with the time to wait, until the first is an hour ago`() throws {
    var ledger = ActionLedger()
    ledger.perHour = 2
    try begin(1, &ledger, at: 1000)
    try begin(2, &ledger, at: 2000)
    let refusal = #expect(throws: Refusal.self) { try begin(3, &ledger, at: 3000) }
    #expect(refusal?.code == .refused)
    #expect(refusal?.message.hasSuffix("at most 2 may (actions.per_hour): the next may begin in 1601 s") == true)
    #expect(throws: Refusal.self) {
      try ledger.admitDisturbance(by: plan("p-9", createdAt: at(4599)), at: at(4599))
    }
    try begin(4, &ledger, at: 4600)
  }

  @Test func `a breaker is none, and what did not begin neither`() throws {
    var ledger = ActionLedger()
    ledger.perHour = 1
    try begin(1, &ledger, verb: .breaker, at: 1000)
    try begin(2, &ledger, at: 1000)
    try begin(3, &ledger, verb: .breaker, at: 1001)
    #expect(throws: Refusal.self) { try begin(4, &ledger, at: 1002) }
    ledger.withdraw("a-2")
    try begin(5, &ledger, at: 1003)
  }
}
