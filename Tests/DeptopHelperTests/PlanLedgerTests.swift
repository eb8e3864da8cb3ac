import DeptopKernel
import DeptopModel
import Testing

@testable import DeptopHelper

@Suite("Plans of the helper") struct PlanLedgerTests {
  private let start = ContinuousClock.now
  private let keepalive = RepairStep.keepalive(idle: 30, interval: 10, probes: 5)

  private func plan(_ id: PlanID, life: Duration = .seconds(60), _ targets: RepairTarget...) -> RepairPlan {
    RepairPlan(plan: id, life: life, sockets: targets)
  }

  private func refusal(_ plan: RepairPlan, in ledger: inout PlanLedger) -> HostAccessError? {
    do {
      try ledger.announce(plan, at: start)
      return nil
    } catch {
      return error
    }
  }

  private func objection(
    _ ledger: inout PlanLedger, _ step: RepairStep, _ cookie: UInt64, plan: PlanID = "p", after age: Duration = .zero
  ) -> String? {
    guard case .failure(let objection) = ledger.take(step, plan: plan, cookie: cookie, at: start + age) else {
      return nil
    }
    return objection.reason
  }

  @Test func `only what is planned is allowed, until the plan is over`() throws {
    var ledger = PlanLedger()
    #expect(throws: HostAccessError.refused("the plan is not announced")) { try ledger.check("p", at: start) }
    try ledger.announce(plan("p", Samples.target(1)), at: start)
    try ledger.check("p", at: start + .seconds(59))
    #expect(throws: HostAccessError.refused("the plan p is over")) { try ledger.check("p", at: start + .seconds(60)) }
    #expect(objection(&ledger, .destroy, 0x1f) == "the socket 1f is not in the plan")
    #expect(objection(&ledger, .destroy, 1, after: .seconds(60)) == "the plan is over")
    #expect(objection(&ledger, .destroy, 1, plan: "q") == "the plan is over")
    #expect(objection(&ledger, .destroy, 1) == nil)
  }

  @Test(arguments: [
    (SocketTreatment.keepalive, ["keepalive"]), (.userTimeout, ["keepalive", "userTimeout"]), (.destroy, ["destroy"]),
    (.discoveryOff, ["keepalive", "discoveryOff"]),
  ])
  func `a treatment has its steps and no others`(treatment: SocketTreatment, allowed: [String]) {
    let steps: [(String, RepairStep)] = [
      ("destroy", .destroy), ("keepalive", keepalive), ("userTimeout", .userTimeout(milliseconds: 5)),
      ("discoveryOff", .discoveryOff),
    ]
    for (name, step) in steps { #expect(step.fits(treatment) == allowed.contains(name)) }
  }

  @Test func `a step is bounded for each socket, and one that was not carried out is not counted`() throws {
    var ledger = PlanLedger()
    try ledger.announce(
      plan("p", Samples.target(1), Samples.target(2, .userTimeout), Samples.target(3, .discoveryOff)), at: start)
    let timeout = RepairStep.userTimeout(milliseconds: 1)
    let uses: [(RepairStep, UInt64, Int)] = [
      (.destroy, 1, 1), (timeout, 2, 2), (keepalive, 2, 3), (.discoveryOff, 3, 1),
    ]
    for (step, cookie, most) in uses {
      for _ in 0..<most { #expect(objection(&ledger, step, cookie) == nil) }
      #expect(objection(&ledger, step, cookie) == "this step was carried out already")
      ledger.giveBack(step, plan: "p", cookie: cookie)
      #expect(objection(&ledger, step, cookie) == nil)
      #expect(objection(&ledger, step, cookie) != nil)
    }
  }

  @Test func `a plan over a limit is refused`() {
    var ledger = PlanLedger()
    let many = RepairPlan(plan: "m", life: .seconds(1), sockets: (0...10_000).map { Samples.target($0) })
    #expect(
      refusal(many, in: &ledger) == .refused("the plan m has 10001 sockets, at most 10000 are allowed"))
    #expect(refusal(plan("l", life: .seconds(601)), in: &ledger) != nil)
    #expect(refusal(plan("l", life: .zero), in: &ledger) != nil)
    #expect(refusal(plan("t", Samples.target(1), Samples.target(1)), in: &ledger) != nil)
    #expect(refusal(plan(""), in: &ledger) != nil)
    #expect(refusal(plan("a b"), in: &ledger) != nil)
    #expect(refusal(plan("a\nrepair"), in: &ledger) != nil)
    #expect(refusal(plan("p"), in: &ledger) == nil)
    #expect(refusal(plan("p"), in: &ledger) == .refused("the plan p is announced already"))
  }

  @Test(arguments: [0, UInt64.max]) func `a socket that no cookie names is refused`(cookie: UInt64) {
    var ledger = PlanLedger()
    let wild = plan("w", Samples.target(1), Samples.target(cookie))
    #expect(refusal(wild, in: &ledger) == .refused("the plan w has a socket without a cookie"))
    #expect(refusal(plan("w", Samples.target(1)), in: &ledger) == nil)
  }

  @Test func `64 plans are kept, and those that are over make room`() throws {
    var ledger = PlanLedger()
    for number in 0..<64 { try ledger.announce(plan(PlanID(rawValue: "p\(number)")), at: start) }
    #expect(throws: HostAccessError.refused("64 plans are announced, which is the most")) {
      try ledger.announce(plan("q"), at: start)
    }
    try ledger.announce(plan("q"), at: start + .seconds(60))
  }

  @Test func `values that the kernel does not take are named`() {
    #expect(
      RepairStep.keepalive(idle: 0, interval: 1, probes: 1).objection == "an idle time of 0 s is not within 1…32767")
    #expect(RepairStep.keepalive(idle: 1, interval: 40_000, probes: 1).objection != nil)
    #expect(RepairStep.keepalive(idle: 1, interval: 1, probes: 128).objection == "128 probes are not within 1…127")
    #expect(RepairStep.userTimeout(milliseconds: -3).objection == "a user timeout of -3 ms is below 0")
    #expect(RepairStep.userTimeout(milliseconds: 0).objection == nil)
    #expect(keepalive.objection == nil)
  }

  @Test func `a plan in parts is complete with its last one, and in no other order`() throws {
    let sockets = (0..<5).map { Samples.target($0) }
    func part(_ range: Range<Int>, plan: PlanID = "p", total: UInt32 = 5) -> PlanPart {
      PlanPart(plan: plan, life: 1_000, total: total, offset: UInt32(range.lowerBound), sockets: Array(sockets[range]))
    }
    var announcement = Announcement(part(0..<2))
    #expect(try announcement.take(part(0..<2)) == nil)
    #expect(throws: HostAccessError.self) { try announcement.take(part(3..<5)) }
    #expect(throws: HostAccessError.self) { try announcement.take(part(2..<5, plan: "q")) }
    #expect(throws: HostAccessError.self) { try announcement.take(part(2..<5, total: 6)) }
    #expect(
      try announcement.take(part(2..<5)) == RepairPlan(plan: "p", life: .seconds(1), sockets: sockets))
    var huge = Announcement(part(0..<1, total: 10_001))
    #expect(throws: HostAccessError.self) { try huge.take(part(0..<1, total: 10_001)) }
  }
}
