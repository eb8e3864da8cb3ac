import DeptopControl
import DeptopModel
import DeptopTestSupport
import Testing

@testable import DeptopCollector

/// One run of a plan for 1A and 2A, which should end on B.
@Suite(.timeLimit(.minutes(1)))
struct ActionRunTests {
  private let world = World()
  private let clock = ManualClock()
  private let targets = plan(
    targets: [target(1, to: end("A")), target(2, to: end("A"))], destinations: [end("B")])

  private func start(_ control: ScriptedControl, _ plan: Plan? = nil) -> Task<Verdict, Never> {
    let run = world.run(control, clock, plan: plan ?? targets)
    return Task { await run.run() }
  }

  /// Moves the clock on whenever the run waits, until it has ended.
  private func finish(_ running: Task<Verdict, Never>) async throws -> Verdict {
    try await clock.finish(running)
  }

  @Test func `a drain ends healed when the targets are gone and the new ones are in place`() async throws {
    world.connect("1A 2A")
    let control = ScriptedControl { [world] in world.connect("3B 4B") }
    let verdict = try await finish(start(control))
    #expect(verdict.outcome == .healed && verdict.notes.isEmpty)
    #expect(control.executions == 1)
    #expect(world.phases == [.executing, .verifying])
    #expect(verdict.comparisons.map(\.before).prefix(2) == ["2 of 2", "2"])
    #expect(verdict.comparisons.map(\.after).prefix(2) == ["0 of 2", "0"])
    #expect(world.objectionsAsked == 0, "without a wait the checks before still hold")
  }

  @Test func `an obstacle is waited for, then the plan is executed once`() async throws {
    world.connect("1A 2A")
    var script = ScriptedControl.Script()
    script.obstacles = (1...3).reversed().map { Obstacle(remaining: .seconds($0), reason: "cache: \($0) s") }
    let control = ScriptedControl(["orders"], script) { [world] in world.connect("3B") }
    let running = start(control)
    for second in [3, 2, 1] {
      try await waitUntil("waits for \(second)") { world.progress.last == "cache: \(second) s" && clock.sleepers == 1 }
      #expect(control.executions == 0)
      #expect(try await clock.wakeNext() == .seconds(1))
    }
    let verdict = try await finish(running)
    #expect(verdict.outcome == .healed && control.executions == 1 && world.objectionsAsked == 1)
    #expect(world.phases == [.waiting, .executing, .verifying])
  }

  @Test func `what the wait made wrong is not executed`() async throws {
    world.connect("1A 2A")
    world.object("pre-flight failed")
    var script = ScriptedControl.Script()
    script.obstacles = [Obstacle(remaining: .seconds(1), reason: "cache")]
    let control = ScriptedControl(["orders"], script)
    let verdict = try await finish(start(control))
    #expect(verdict.outcome == .failed && control.executions == 0)
    #expect(verdict.notes == ["pre-flight failed: nothing was changed"])
  }

  @Test func `an obstacle that stays is given up on`() async throws {
    world.connect("1A 2A")
    var script = ScriptedControl.Script()
    script.obstacles = Array(repeating: Obstacle(remaining: .seconds(60), reason: "cache"), count: 1000)
    let control = ScriptedControl(["orders"], script)
    let verdict = try await finish(start(control))
    #expect(verdict.outcome == .failed && control.executions == 0)
    #expect(verdict.notes == ["gave up after 120 s: cache: nothing was changed"])
    #expect(clock.now.offset == ActionPace.longestWait)
  }

  @Test func `connections in use are waited for until they are returned`() async throws {
    world.connect("1A 2A")
    var script = ScriptedControl.Script()
    script.remaining = .success(Remaining(connections: 1, inUse: 1, note: "1 in a transaction"))
    let control = ScriptedControl(["orders"], script) { [world] in world.connect("2A 3B") }
    let running = start(control)
    for _ in 0..<20 { try await clock.wakeNext() }
    #expect(world.progress.last == "1 of 2 connections replaced; 1 in a transaction")
    try await waitUntil("it waits") { clock.sleepers == 1 }
    world.connect("3B 4B")
    let verdict = try await finish(running)
    #expect(verdict.outcome == .healed && control.executions == 1)
    #expect(world.phases == [.executing, .draining, .verifying])
  }

  @Test(arguments: [("2A 3B", Verdict.Outcome.partial, "1 of 2"), ("1A 2A", .failed, "2 of 2")])
  func `when the time is over the verdict says what is left`(
    left: String, outcome: Verdict.Outcome, count: String
  ) async throws {
    world.connect("1A 2A")
    let control = ScriptedControl { [world] in world.connect(left) }
    let verdict = try await finish(start(control))
    #expect(verdict.outcome == outcome)
    #expect(verdict.notes.count == 1 && verdict.notes[0].hasPrefix("\(count) connections are still in use after 30 s"))
    #expect(clock.now.offset == .seconds(30))
  }

  @Test func `new connections to the old address are no healing`() async throws {
    world.connect("1A 2A")
    let control = ScriptedControl { [world] in world.connect("3A 4B") }
    let verdict = try await finish(start(control))
    #expect(verdict.outcome == .partial)
    #expect(verdict.notes.count == 1 && verdict.notes[0].contains("1 new connections"))
    #expect(clock.now.offset >= ActionPace.settleTime, "they had their time")
  }

  @Test func `a system that does not answer before the step leaves everything as it was`() async throws {
    world.connect("1A 2A")
    var script = ScriptedControl.Script()
    script.obstacleError = .failed("connection refused")
    let control = ScriptedControl(["orders"], script)
    let verdict = try await finish(start(control))
    #expect(verdict.outcome == .failed && control.executions == 0 && verdict.comparisons.isEmpty)
    #expect(verdict.notes == ["connection refused: nothing was changed"])
  }

  @Test func `a step that fails is not repeated, and may have had an effect`() async throws {
    world.connect("1A 2A")
    var script = ScriptedControl.Script()
    script.executeError = .failed("connection lost; whether it was carried out is not known")
    let control = ScriptedControl(["orders"], script)
    let verdict = try await finish(start(control))
    #expect(verdict.outcome == .failed && control.executions == 1)
    #expect(!verdict.comparisons.isEmpty && !verdict.notes[0].contains("nothing was changed"))
  }

  @Test func `a system that does not say how far it is does not end the drain`() async throws {
    world.connect("1A 2A")
    var script = ScriptedControl.Script()
    script.remaining = .failure(.failed("connection refused"))
    let control = ScriptedControl(["orders"], script) { [world] in world.connect("2A") }
    let running = start(control)
    try await waitUntil("it says so") { world.progress.last == "1 of 2 connections replaced; connection refused" }
    world.connect("3B")
    #expect(try await finish(running).outcome == .healed)
  }

  @Test func `an abort before the step changes nothing, and names who asked`() async throws {
    world.connect("1A 2A")
    var script = ScriptedControl.Script()
    script.obstacles = Array(repeating: Obstacle(remaining: .seconds(60), reason: "cache"), count: 1000)
    let control = ScriptedControl(["orders"], script)
    let running = start(control)
    try await waitUntil("it waits") { clock.sleepers == 1 }
    world.abort(by: bob)
    let verdict = try await finish(running)
    #expect(verdict.outcome == .aborted && control.executions == 0)
    #expect(verdict.notes == ["aborted by bob (uid 1001): nothing was changed"])
  }

  @Test func `an abort that comes during the last wait is not overtaken by the step`() async throws {
    world.connect("1A 2A")
    var script = ScriptedControl.Script()
    script.obstacles = [Obstacle(remaining: .seconds(1), reason: "cache")]
    let control = ScriptedControl(["orders"], script)
    let running = start(control)
    try await waitUntil("it waits") { clock.sleepers == 1 }
    world.abort(by: bob)
    clock.advance(by: .seconds(1))
    #expect(await running.value.outcome == .aborted)
    #expect(control.executions == 0)
  }

  @Test func `an abort after the step says that it cannot be taken back`() async throws {
    world.connect("1A 2A")
    let control = ScriptedControl()
    let running = start(control)
    try await waitUntil("it drains") { control.executions == 1 && clock.sleepers == 1 }
    world.abort(by: bob)
    let verdict = try await finish(running)
    #expect(verdict.outcome == .aborted && control.executions == 1)
    #expect(verdict.notes == ["aborted by bob (uid 1001): what was asked of the system takes its course"])
    #expect(!verdict.comparisons.isEmpty)
  }

  @Test(arguments: [true, false])
  func `the collector's end interrupts, before the step and after it`(isBefore: Bool) async throws {
    world.connect("1A 2A")
    var script = ScriptedControl.Script()
    if isBefore {
      script.obstacles = Array(repeating: Obstacle(remaining: .seconds(60), reason: "cache"), count: 1000)
    }
    let control = ScriptedControl(["orders"], script)
    let running = start(control)
    try await waitUntil("it waits") { clock.sleepers == 1 }
    running.cancel()
    let verdict = await running.value
    #expect(verdict.outcome == .interrupted && control.executions == (isBefore ? 0 : 1))
  }

  @Test func `what the kernel does not show is not proved`() async throws {
    for change in [World.silenceKernel, World.forgetSweep, World.removeDependency] {
      let run = ActionRunTests()
      run.world.connect("1A 2A")
      let control = ScriptedControl { [world = run.world] in
        world.connect("")
        change(world)()
      }
      let verdict = try await run.finish(run.start(control))
      #expect(verdict.outcome == .partial)
      #expect(verdict.notes.contains { $0.contains("nothing proves") })
    }
  }

  @Test func `targets that the kernel's table lacks end when the pool says so`() async throws {
    let unlisted = plan(
      targets: [target(1, to: end("A"), cookie: ""), target(2, to: end("A"), cookie: "")], destinations: [end("B")])
    var script = ScriptedControl.Script()
    script.remaining = .success(Remaining(connections: 2, inUse: 1, note: "1 in use"))
    let control = ScriptedControl(["orders"], script)
    let running = start(control, unlisted)
    for _ in 0..<8 { try await clock.wakeNext() }
    #expect(world.phases == [.executing, .draining])
    control.change { $0.remaining = .success(Remaining(connections: 0, inUse: 0, note: nil)) }
    let verdict = try await finish(running)
    #expect(verdict.outcome == .healed)
    #expect(verdict.notes.count == 1 && verdict.notes[0].contains("the pool's own word"))
  }

  @Test func `targets that nobody tells of are not healed`() async throws {
    let unlisted = plan(targets: [target(1, to: end("A"), cookie: "")], destinations: [end("B")])
    var script = ScriptedControl.Script()
    script.remaining = .failure(.failed("connection refused"))
    let verdict = try await finish(start(ScriptedControl(["orders"], script), unlisted))
    #expect(verdict.outcome == .partial)
  }
}
