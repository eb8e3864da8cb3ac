import DeptopControl
import DeptopKernel
import DeptopModel
import DeptopTestSupport
import Testing

@Suite struct SocketProveTests {
  /// Two that live, one that is stuck and due, one that is stuck and not due.
  private let lab = SocketLab([
    .played(1), .played(2), .played(3, .dead), .played(4, .dead) { $0.nextRetransmit = .seconds(11) },
  ])

  private func keepalive(_ idle: Int32, _ interval: Int32) -> RepairStep {
    .keepalive(idle: idle, interval: interval, probes: 5)
  }

  @Test func `the dead are ended first, then the living are asked, and at the end keepalive stays`() async throws {
    lab.scene.declare(pathTimeout: .seconds(60))
    let plan = try await lab.plan(.prove)
    let before = lab.scene.detail
    let first = try await lab.step(0, of: plan)
    #expect(first.pause == .seconds(1))
    #expect(
      first.text
        == "closed 1, set the kernel to give up at the next retransmission on 1, set keepalive on 2")
    #expect(
      lab.bench.requests.map(\.step) == [.userTimeout(milliseconds: 2000), .destroy, keepalive(1, 1)])
    #expect(lab.bench.requests.map(\.cookies) == [[3], [4], [1, 2]])
    #expect(lab.bench.plans[plan.id]?.life == .seconds(30))
    lab.scene.remove([3])
    let reports = try await lab.steps(of: plan, from: 1)
    #expect(reports.count == 7, "as long as five probes take")
    #expect(lab.bench.requests.count == 4)
    #expect(lab.bench.requests.last?.step == keepalive(20, 10) && lab.bench.requests.last?.cookies == [1, 2])
    let judgement = try #require(lab.control.judgement(of: plan, before: before, now: lab.scene.detail))
    #expect(judgement.left == 0 && judgement.isSettled)
    #expect(judgement.comparisons.map(\.reading) == ["dead connections", "live connections", "with keepalive"])
    #expect(judgement.comparisons.map(\.before) == ["2", "2", "0 of 4"])
    #expect(judgement.comparisons.map(\.after) == ["0", "2 of 2", "0 of 2, 20 s"])
    #expect(judgement.notes.first == "closed as dead: 192.168.0.1:3 → 10.0.0.1:5432, 192.168.0.1:4 → 10.0.0.1:5432")
    #expect(judgement.notes.last?.hasPrefix("new connections start without it: set keepalives_idle=20") == true)
    #expect(try await lab.control.abandon(plan, now: lab.scene.detail) == nil, "nothing is left to put back")
  }

  @Test func `one that comes back to life gets its own user timeout again, and keepalive`() async throws {
    lab.bench.presetUserTimeout(15_000, of: 3)
    let plan = try await lab.plan(.prove)
    _ = try await lab.step(0, of: plan)
    #expect(lab.bench.userTimeout(of: 3) == 2000)
    lab.scene.change(3) { $0.signals.condition = .idle }
    let last = try await lab.steps(of: plan, from: 1).last
    #expect(lab.bench.userTimeout(of: 3) == 15_000 && lab.bench.keepalive(of: 3) == 60)
    #expect(last?.text.hasPrefix("put back the user timeout of 1; keepalive of 60 s") == true)
  }

  @Test func `one that stays dead gets its own user timeout again, and is told`() async throws {
    lab.bench.presetUserTimeout(15_000, of: 3)
    let plan = try await lab.plan(.prove)
    let before = lab.scene.detail
    _ = try await lab.steps(of: plan)
    #expect(lab.bench.userTimeout(of: 3) == 15_000 && lab.bench.keepalive(of: 3) == 0)
    let judgement = try #require(lab.control.judgement(of: plan, before: before, now: lab.scene.detail))
    #expect(judgement.left == 1 && !judgement.isSettled)
    #expect(
      judgement.notes.contains("1 do not answer and are still there: 192.168.0.1:3 → 10.0.0.1:5432"))
  }

  @Test func `a shorter keepalive of the application is kept`() async throws {
    lab.bench.presetKeepalive(15, of: 1)
    let plan = try await lab.plan(.prove)
    lab.scene.remove([3])
    _ = try await lab.steps(of: plan)
    #expect(lab.bench.keepalive(of: 1) == 15 && lab.bench.keepalive(of: 2) == 60)
  }

  @Test func `an idle one that answers no probe is found, and left over when it stays`() async throws {
    let plan = try await lab.plan(.prove)
    let before = lab.scene.detail
    _ = try await lab.step(0, of: plan)
    lab.scene.remove([3])
    lab.scene.change(2) { $0.signals.condition = .keepaliveUnanswered }
    _ = try await lab.steps(of: plan, from: 1)
    #expect(lab.bench.keepalive(of: 1) == 60 && lab.bench.keepalive(of: 2) == 60, "it may live")
    #expect(lab.control.judgement(of: plan, before: before, now: lab.scene.detail)?.left == 1)
    lab.scene.remove([2])
    let judgement = try #require(lab.control.judgement(of: plan, before: before, now: lab.scene.detail))
    #expect(judgement.left == 0 && judgement.isSettled)
    #expect(judgement.notes.contains { $0.hasPrefix("closed meanwhile") && $0.contains("192.168.0.1:2") })
    #expect(judgement.comparisons[1].after == "1 of 2")
  }

  @Test func `abandoned in the middle, everything that was meant for a moment is put back`() async throws {
    lab.bench.presetUserTimeout(30_000, of: 3)
    let plan = try await lab.plan(.prove)
    _ = try await lab.step(0, of: plan)
    _ = try await lab.step(1, of: plan)
    let text = try await lab.control.abandon(plan, now: lab.scene.detail)
    #expect(text?.hasPrefix("put back the user timeout of 1; keepalive of 60 s") == true)
    #expect(lab.bench.userTimeout(of: 3) == 30_000, "dead or not")
    #expect(lab.bench.keepalive(of: 1) == 60 && lab.bench.keepalive(of: 2) == 60)
    #expect(try await lab.control.abandon(plan, now: lab.scene.detail) == nil, "once")
  }

  @Test func `an abandoned plan that has done nothing puts nothing back`() async throws {
    let plan = try await lab.plan(.prove)
    #expect(try await lab.control.abandon(plan, now: lab.scene.detail) == nil)
    #expect(lab.bench.requests.isEmpty)
  }

  @Test func `a privileged side that ends in between is an error, and what it did before is put back later`()
    async throws
  {
    let plan = try await lab.plan(.prove)
    _ = try await lab.step(0, of: plan)
    lab.bench.fail(.absent("it has ended"))
    await #expect(throws: ControlError.failed("deptop-helper is not running: it has ended")) {
      try await lab.control.abandon(plan, now: lab.scene.detail)
    }
    #expect(lab.control.judgement(of: plan, before: lab.scene.detail, now: lab.scene.detail)?.isSettled == false)
    lab.bench.fail(nil)
    _ = try await lab.control.abandon(plan, now: lab.scene.detail)
    #expect(lab.bench.userTimeout(of: 3) == 0 && lab.bench.keepalive(of: 1) == 60)
  }

  @Test func `what the privileged side leaves alone is told, counted and not repeated`() async throws {
    lab.bench.refuse(1, "its process is another one")
    lab.bench.lose(4)
    let plan = try await lab.plan(.prove)
    let before = lab.scene.detail
    let first = try await lab.step(0, of: plan)
    #expect(first.text.contains("1 had closed already") && first.text.contains("left 1 alone: its process is another"))
    lab.scene.remove([3, 4])
    _ = try await lab.steps(of: plan, from: 1)
    #expect(lab.bench.requests.count { $0.cookies.contains(1) } == 1)
    let judgement = try #require(lab.control.judgement(of: plan, before: before, now: lab.scene.detail))
    #expect(judgement.left == 1 && judgement.isSettled, "it will not change any more")
    #expect(judgement.notes.contains("left 1 alone: its process is another one"))
  }

  @Test func `a table that is not read proves nothing`() async throws {
    let plan = try await lab.plan(.prove)
    let before = lab.scene.detail
    _ = try await lab.step(0, of: plan)
    lab.scene.remove([3, 4])
    lab.scene.silence()
    _ = try await lab.steps(of: plan, from: 1)
    for now in [lab.scene.detail, nil] {
      let judgement = try #require(lab.control.judgement(of: plan, before: before, now: now))
      #expect(judgement.left == 4 && !judgement.isSettled)
      #expect(judgement.notes.contains { $0.contains("nothing proves") })
    }
  }

  @Test func `only the stuck ones are waited for no longer than they take`() async throws {
    let lab = SocketLab([.played(1, .dead)])
    let plan = try await lab.plan(.prove)
    #expect(try await lab.step(0, of: plan).pause != nil)
    #expect(try await lab.step(1, of: plan).text == "0 of 1 dead connections closed; 1 do not answer")
    lab.scene.remove([1])
    #expect(try await lab.step(2, of: plan).pause == nil)
  }

  @Test func `a black hole is opened at once, and judged by what still sticks`() async throws {
    let lab = SocketLab([.played(1, .dead) { $0.signals.meanRetransmit = 1448 }, .played(2)])
    let plan = try await lab.plan(.unstick)
    let before = lab.scene.detail
    let reports = try await lab.steps(of: plan)
    #expect(reports.map(\.text) == ["switched path-MTU discovery off on 1"])
    #expect(lab.bench.requests.map(\.step) == [.discoveryOff])
    #expect(lab.control.judgement(of: plan, before: before, now: before)?.isSettled == false)
    lab.scene.change(1) { $0.signals.condition = .waiting }
    let judgement = try #require(lab.control.judgement(of: plan, before: before, now: lab.scene.detail))
    #expect(judgement.left == 0 && judgement.isSettled)
    #expect(judgement.comparisons.map(\.before) == ["1"] && judgement.comparisons.map(\.after) == ["0"])
    #expect(judgement.notes.count == 1 && judgement.notes[0].contains("net.ipv4.tcp_mtu_probing=1"))
  }

  @Test func `many are asked in parts`() async throws {
    let lab = SocketLab((1...450).map { .played($0) })
    let plan = try await lab.plan(.prove)
    _ = try await lab.step(0, of: plan)
    #expect(lab.bench.requests.map(\.cookies.count) == [200, 200, 50])
  }
}
