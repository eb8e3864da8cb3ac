import DeptopControl
import DeptopKernel
import DeptopModel
import DeptopTestSupport
import Testing

/// What is put back, and what is said where that is not possible.
@Suite struct SocketRestoreTests {
  private let lab = SocketLab([.played(1), .played(2), .played(3, .dead), .played(4, .dead)])
  private let proof = RepairStep.keepalive(idle: 1, interval: 1, probes: 5)
  private let giveUp = RepairStep.userTimeout(milliseconds: 2000)

  private func notes(_ plan: Plan) throws -> [String] {
    try #require(lab.control.judgement(of: plan, before: lab.scene.detail, now: lab.scene.detail)).notes
  }

  @Test func `what is refused at the end is told with number and values, and not counted as put back`() async throws {
    lab.bench.presetUserTimeout(15_000, of: 3)
    lab.bench.presetUserTimeout(15_000, of: 4)
    lab.bench.presetKeepalive(90, of: 1)
    let plan = try await lab.plan(.prove)
    _ = try await lab.step(0, of: plan)
    for cookie: UInt64 in [1, 2, 4] { lab.bench.refuse(cookie, "its process is another one") }
    let last = try await lab.steps(of: plan, from: 1).last
    #expect(last?.text == "put back the user timeout of 1")
    let notes = try notes(plan)
    #expect(
      notes.contains(
        "could not put back 1: user timeout of 2000 ms stays on instead of 15000 ms: its process is another one"))
    #expect(
      notes.contains("could not put back 1: keepalive of 1 s stays on instead of 90 s: its process is another one"))
    #expect(
      notes.contains("could not put back 1: keepalive of 1 s stays on instead of none: its process is another one"))
  }

  @Test func `what has closed by the end is not counted as put back`() async throws {
    let plan = try await lab.plan(.prove)
    _ = try await lab.step(0, of: plan)
    lab.bench.lose(3)
    let last = try await lab.steps(of: plan, from: 1).last
    #expect(last?.text.hasPrefix("put back the user timeout of 1; ") == true)
    #expect(try notes(plan).allSatisfy { !$0.hasPrefix("could not") })
  }

  @Test func `an answer that is lost is told, and what may have been done is undone`() async throws {
    lab.bench.loseAnswers(to: giveUp, isCarriedOut: true)
    let plan = try await lab.plan(.prove)
    await #expect(throws: ControlError.self) { try await lab.step(0, of: plan) }
    #expect(lab.bench.userTimeout(of: 3) == 2000)
    let told = "whether 2 were changed is not known: deptop-helper did not answer (user timeout of 2000 ms: 2)"
    #expect(try notes(plan).contains(told))
    lab.bench.restart()
    _ = try await lab.control.abandon(plan, now: lab.scene.detail)
    #expect(lab.bench.userTimeout(of: 3) == 0 && lab.bench.userTimeout(of: 4) == 0)
    let notes = try notes(plan)
    #expect(!notes.contains(told))
    #expect(
      notes.contains("the user timeout of 2 is off now: what it was is not known, as deptop-helper did not answer"))
  }

  @Test func `a request that never arrived leaves everything as it was`() async throws {
    lab.bench.presetUserTimeout(15_000, of: 3)
    lab.bench.loseAnswers(to: giveUp, isCarriedOut: false)
    let plan = try await lab.plan(.prove)
    await #expect(throws: ControlError.self) { try await lab.step(0, of: plan) }
    lab.bench.restart()
    #expect(try await lab.control.abandon(plan, now: lab.scene.detail) == "put back the user timeout of 1")
    #expect(lab.bench.userTimeout(of: 3) == 15_000 && lab.bench.userTimeout(of: 4) == 0)
    #expect(try notes(plan).allSatisfy { !$0.contains("not known") })
  }

  @Test func `keepalive whose answer is lost becomes the one that stays, a shorter own one is kept`() async throws {
    lab.bench.presetKeepalive(15, of: 1)
    lab.bench.loseAnswers(to: proof, isCarriedOut: false)
    let plan = try await lab.plan(.prove)
    await #expect(throws: ControlError.self) { try await lab.step(0, of: plan) }
    lab.bench.restart()
    _ = try await lab.control.abandon(plan, now: lab.scene.detail)
    #expect(lab.bench.keepalive(of: 1) == 15 && lab.bench.keepalive(of: 2) == 60)
  }

  @Test func `a close without an answer is told until the table shows what became of it`() async throws {
    let lab = SocketLab([.played(1, .dead)])
    let plan = try await lab.plan(.close)
    let before = lab.scene.detail
    lab.bench.loseAnswers(to: .destroy, isCarriedOut: false)
    await #expect(throws: ControlError.self) { try await lab.step(0, of: plan) }
    let told = "whether 1 were changed is not known: deptop-helper did not answer (closed: 1)"
    let judgement = lab.control.judgement(of: plan, before: before, now: lab.scene.detail)
    #expect(judgement?.notes.contains(told) == true)
    lab.scene.remove([1])
    #expect(lab.control.judgement(of: plan, before: before, now: lab.scene.detail)?.notes.contains(told) == false)
  }

  @Test func `what is put back again is announced anew each time`() async throws {
    let plan = try await lab.plan(.prove)
    _ = try await lab.step(0, of: plan)
    lab.bench.loseAnswers(to: .userTimeout(milliseconds: 0), isCarriedOut: false)
    for _ in 0..<2 {
      await #expect(throws: ControlError.self) { try await lab.control.abandon(plan, now: lab.scene.detail) }
    }
    #expect(
      try notes(plan).contains(
        "could not put back 2: user timeout of 2000 ms stays on instead of none: deptop-helper did not answer"))
    lab.bench.restart()
    #expect(
      try await lab.control.abandon(plan, now: lab.scene.detail)?.hasPrefix("put back the user timeout of 2") == true)
    let restored = lab.bench.requests.filter { $0.step == .userTimeout(milliseconds: 0) }
    #expect(Set(restored.map(\.plan)).count == 3 && lab.bench.userTimeout(of: 3) == 0)
  }

  @Test func `a late retransmission is waited for with the short user timeout, without the probes`() async throws {
    let bench = RepairBench(abilities: .success(HostAbilities(missing: [.destroy: "needs CAP_NET_ADMIN"])))
    let scene = RepairScene([.played(1), .played(2, .dead) { $0.nextRetransmit = .seconds(30) }])
    let lab = SocketLab(scene, bench)
    let plan = try await lab.plan(.prove)
    for number in 0...20 { #expect(try await lab.step(number, of: plan).pause != nil) }
    #expect(bench.userTimeout(of: 2) == 2000 && bench.keepalive(of: 1) == 60)
    _ = try await lab.steps(of: plan, from: 21)
    #expect(bench.userTimeout(of: 2) == 0 && bench.requests.count == 4)
  }

  @Test(arguments: [(1, 0), (2, 1)])
  func `a closed window whose probes are not answered does not answer`(unanswered: Int, left: Int) async throws {
    let lab = SocketLab([.played(1, .zeroWindow) { $0.signals.unanswered = unanswered }])
    let plan = try await lab.plan(.prove)
    let before = lab.scene.detail
    _ = try await lab.steps(of: plan)
    #expect(lab.control.judgement(of: plan, before: before, now: lab.scene.detail)?.left == left)
  }

  @Test func `what still has data under way is not proved, and that is told`() async throws {
    let lab = SocketLab([.played(1, .active) { $0.unacknowledged = 3 }, .played(2)])
    let plan = try await lab.plan(.prove)
    let before = lab.scene.detail
    _ = try await lab.steps(of: plan)
    let notes = lab.control.judgement(of: plan, before: before, now: lab.scene.detail)?.notes ?? []
    #expect(notes.contains("1 cannot be proved while data is under way: 192.168.0.1:1 → 10.0.0.1:5432"))
  }
}
