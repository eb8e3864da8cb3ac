import DeptopControl
import DeptopKernel
import DeptopModel
import DeptopTestSupport
import Synchronization
import Testing

@testable import DeptopCollector

/// Whole runs of a repair on a played kernel: a dead connection ends when the kernel is told to give up.
@Suite(.timeLimit(.minutes(1)))
struct RepairRunTests {
  private let clock = ManualClock()
  private let scene: RepairScene
  private let bench: RepairBench
  private let control: SocketControl
  private let told = Told()

  /// What the run said, and who asks it to end.
  private final class Told: Sendable {
    let progress = Mutex<[String]>([])
    let abortedBy = Mutex<Actor?>(nil)
  }

  init() {
    let scene = RepairScene([.played(1), .played(2), .played(3, .dead)])
    scene.declare(pathTimeout: .seconds(30))
    scene.queue(5)
    self.scene = scene
    bench = RepairBench { step, cookies in
      switch step {
      case .destroy: scene.remove(cookies)
      case .userTimeout(2000):
        scene.remove(cookies.filter { $0 == 3 })
        scene.queue(0)
      default: break
      }
    }
    control = SocketControl(access: bench, jitter: { 1 })
  }

  private func plan(_ method: RepairMethod, _ scope: ActionScope = .stale) async throws -> Plan {
    let request = PlanRequest(verb: .repair, dependency: "10.0.0.1:5432", scope: scope, repair: method)
    let draft = PlanDraft(try await control.prepare(request, for: scene.detail), destinations: [])
    return draft.plan(for: request, createdAt: .now())
  }

  private func start(_ plan: Plan) -> Task<Verdict, Never> {
    let run = ActionRun(
      plan: plan, control: control, clock: clock, detail: { self.scene.detail }, objection: { nil },
      note: { _, text in if let text { self.told.progress.withLock { $0.append(text) } } },
      abortedBy: { self.told.abortedBy.withLock(\.self) })
    return Task { await run.run() }
  }

  @Test func `proving ends healed: the dead are gone, the living keep their ports and get keepalive`() async throws {
    let verdict = try await clock.finish(start(plan(.prove)))
    #expect(verdict.outcome == .healed)
    #expect(
      verdict.comparisons.map { "\($0.reading): \($0.before) → \($0.after)" } == [
        "dead connections: 1 → 0", "live connections: 2 → 2 of 2", "with keepalive: 0 of 3 → 0 of 2, 10 s",
        "callers waiting: 5 → 0",
      ])
    #expect(verdict.notes.first == "closed as dead: 192.168.0.1:3 → 10.0.0.1:5432")
    #expect(bench.keepalive(of: 1) == 10 && bench.keepalive(of: 2) == 10)
    let progress = told.progress.withLock(\.self)
    #expect(progress.first == "set the kernel to give up at the next retransmission on 1, set keepalive on 2")
    #expect(progress.last == "keepalive of 10 s (a third of the path's idle timeout of 30 s) stays on 2")
    #expect(clock.now.offset == .seconds(7))
  }

  @Test func `an abort in the middle puts everything back, and names who asked`() async throws {
    bench.presetUserTimeout(9000, of: 2)
    scene.change(2) {
      $0.signals.condition = .dead
      $0.nextRetransmit = .seconds(3)
    }
    let running = start(try await plan(.prove))
    try await waitUntil("it watches") { clock.sleepers == 1 }
    #expect(bench.keepalive(of: 1) == 1 && bench.userTimeout(of: 2) == 2000)
    told.abortedBy.withLock { $0 = bob }
    let verdict = try await clock.finish(running)
    #expect(verdict.outcome == .aborted)
    #expect(verdict.notes.first == "aborted by bob (uid 1001): what was asked of the system takes its course")
    #expect(verdict.notes.contains { $0.hasPrefix("put back the user timeout of") })
    #expect(bench.userTimeout(of: 2) == 9000 && bench.keepalive(of: 1) == 10)
  }

  @Test func `the collector's end puts everything back`() async throws {
    let running = start(try await plan(.prove))
    try await waitUntil("it watches") { clock.sleepers == 1 }
    running.cancel()
    #expect(await running.value.outcome == .interrupted)
    #expect(bench.keepalive(of: 1) == 10 && bench.userTimeout(of: 3) == 0)
  }

  @Test func `what cannot be put back is said`() async throws {
    let running = start(try await plan(.prove))
    try await waitUntil("it watches") { clock.sleepers == 1 }
    bench.fail(.absent("it has ended"))
    told.abortedBy.withLock { $0 = bob }
    let verdict = try await clock.finish(running)
    #expect(
      verdict.notes.contains(
        "what was set for the time of the action could not be put back: deptop-helper is not running: it has ended"))
  }

  @Test func `a privileged side that is started again after half a minute puts everything back`() async throws {
    let running = start(try await plan(.prove))
    try await waitUntil("it watches") { clock.sleepers == 1 }
    bench.fail(.absent("it has ended"))
    told.abortedBy.withLock { $0 = bob }
    for expected: Duration in [.seconds(1)] + Array(repeating: .seconds(5), count: 6) {
      #expect(try await clock.wakeNext() == expected)
    }
    try await waitUntil("it waits") { clock.sleepers == 1 }
    #expect(told.progress.withLock(\.last)?.hasSuffix("it has ended; tries again in 5 s") == true)
    bench.restart()
    let verdict = try await clock.finish(running)
    #expect(verdict.outcome == .aborted && verdict.notes.allSatisfy { !$0.contains("could not") })
    #expect(bench.keepalive(of: 1) == 10 && bench.keepalive(of: 2) == 10 && bench.userTimeout(of: 3) == 0)
    #expect(clock.now.offset == .seconds(36))
  }

  @Test func `it is tried for 40 s, then numbers and values are told`() async throws {
    let running = start(try await plan(.prove))
    try await waitUntil("it watches") { clock.sleepers == 1 }
    bench.fail(.absent("it has ended"))
    told.abortedBy.withLock { $0 = bob }
    let verdict = try await clock.finish(running)
    #expect(clock.now.offset == .seconds(41))
    #expect(
      verdict.notes.contains(
        "could not put back 2: keepalive of 1 s stays on instead of none: deptop-helper did not answer"))
  }

  @Test func `the collector's end does not wait for the privileged side`() async throws {
    let running = start(try await plan(.prove))
    try await waitUntil("it watches") { clock.sleepers == 1 }
    bench.fail(.absent("it has ended"))
    told.abortedBy.withLock { $0 = bob }
    try await clock.wakeNext()
    try await waitUntil("it waits to try again") { clock.sleepers == 1 }
    running.cancel()
    let verdict = await running.value
    #expect(verdict.outcome == .aborted && clock.now.offset == .seconds(1))
    #expect(verdict.notes.contains { $0.contains("could not be put back") })
  }

  @Test func `an identity that changed is refused by the privileged side, told, and no healing`() async throws {
    for cookie: UInt64 in [1, 2, 3] { bench.refuse(cookie, "its process is another one") }
    let verdict = try await clock.finish(start(plan(.prove)))
    #expect(verdict.outcome == .failed)
    #expect(verdict.notes.contains("left 3 alone: its process is another one"))
  }

  @Test func `one refused of several is partial`() async throws {
    bench.refuse(1, "its process is another one")
    let verdict = try await clock.finish(start(plan(.prove)))
    #expect(verdict.outcome == .partial && verdict.notes.contains("left 1 alone: its process is another one"))
  }

  @Test func `without the kernel's table nothing is proved`() async throws {
    let running = start(try await plan(.prove))
    try await waitUntil("it watches") { clock.sleepers == 1 }
    scene.silence()
    let verdict = try await clock.finish(running)
    #expect(verdict.outcome != .healed && verdict.notes.contains { $0.contains("nothing proves") })
  }

  @Test func `closing is paced, and can be aborted between two steps`() async throws {
    scene.add(.played(4), .played(5), .played(6))
    let running = start(try await plan(.close, .all))
    try await waitUntil("one step is done") { clock.sleepers == 1 }
    #expect(bench.requests.flatMap(\.cookies) == [3, 1])
    #expect(try await clock.wakeNext() == .seconds(1))
    try await waitUntil("the next is done") { clock.sleepers == 1 }
    #expect(bench.requests.flatMap(\.cookies) == [3, 1, 2])
    told.abortedBy.withLock { $0 = alice }
    let verdict = try await clock.finish(running)
    #expect(verdict.outcome == .aborted && bench.requests.count == 2)
    #expect(verdict.comparisons.first?.before == "6" && verdict.comparisons.first?.after == "3")
  }

  @Test func `a close of what is dead heals`() async throws {
    let verdict = try await clock.finish(start(plan(.close)))
    #expect(verdict.outcome == .healed && bench.requests.flatMap(\.cookies) == [3])
  }
}
