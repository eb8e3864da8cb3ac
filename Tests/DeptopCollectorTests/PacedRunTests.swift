import DeptopControl
import DeptopModel
import DeptopSources
import DeptopTestSupport
import Synchronization
import Testing

@testable import DeptopCollector

/// Runs of a plan with bounds, under a control plane that closes three connections a step.
@Suite(.timeLimit(.minutes(1)))
struct PacedRunTests {
  private let world = World()
  private let clock = ManualClock()
  private let network = Network()
  private let control = PacedControl()
  private let recorder = Recorder()

  /// Whether new connections succeed.
  private final class Network: Sendable {
    private let state = Mutex((works: true, tried: 0))

    func fail() { state.withLock { $0.works = false } }
    var tried: Int { state.withLock(\.tried) }

    func attempts() -> [ConnectAttempt] {
      state.withLock { state in
        state.tried += 1
        let works = state.works
        return [
          ConnectAttempt(
            address: end("B"), duration: works ? .milliseconds(1) : nil, failure: works ? nil : "connection refused")
        ]
      }
    }
  }

  /// 1A to 16A, of which some are gone, and as many to B.
  private func connect(closed: Int, opened: Int) {
    let old = (closed..<16).map { "\($0 + 1)A" }
    world.connect((old + (0..<opened).map { "\($0 + 101)B" }).joined(separator: " "))
  }

  private func plan(canStop: Bool = true, timeLimit: Duration = .seconds(120)) -> Plan {
    var plan = DeptopCollectorTests.plan(
      targets: (1...16).map { target($0, to: end("A")) }, destinations: [end("B")])
    plan.bounds = AbortBounds(canStop: canStop, connectBaseline: .milliseconds(1), timeLimit: timeLimit)
    return plan
  }

  private func run(
    _ plan: Plan, verifying: Duration = .zero,
    _ onStep: @escaping @Sendable (Int) -> Void
  ) async throws -> Verdict {
    connect(closed: 0, opened: 0)
    control.onStep(onStep)
    let run = world.run(
      control, clock, plan: plan, probe: { [network] in network.attempts() },
      record: { [recorder] in recorder.take($0.description) }, verifying: verifying)
    return try await clock.finish(Task { await run.run() })
  }

  @Test func `a drain that goes well is seen to its end, and written down step by step`() async throws {
    let verdict = try await run(plan()) { done in connect(closed: done, opened: done) }
    #expect(verdict.outcome == .healed && control.steps == 6 && control.withdrawals == 0)
    #expect(
      recorder.texts.first == "3 of 16 done" && recorder.texts.last == "16 of 16 done" && recorder.texts.count == 6)
    #expect(network.tried >= 6, "before each step")
  }

  @Test func `new connections that fail stop it with more than half of the pool at work`() async throws {
    let verdict = try await run(plan()) { done in
      connect(closed: done, opened: 0)
      network.fail()
    }
    #expect(verdict.outcome == .aborted && control.steps == 1 && control.withdrawals == 1)
    #expect(
      verdict.notes.first
        == "stopped by itself after 3 of 16: 2 of 2 new connections failed (10.0.0.2:5432: connection refused); "
        + "13 of 16 connections work")
    #expect(verdict.notes.last == "withdrawn")
  }

  @Test func `it does not begin when new connections fail from the start`() async throws {
    network.fail()
    let verdict = try await run(plan()) { _ in }
    #expect(verdict.outcome == .aborted && control.steps == 0)
    #expect(verdict.notes.first?.hasPrefix("stopped by itself: 2 of 2 new connections failed") == true)
  }

  @Test func `callers that wait stop it within a pause`() async throws {
    let verdict = try await run(plan()) { done in
      connect(closed: done, opened: done)
      world.wait(4)
    }
    // Nobody counted callers before, so that nobody waited.
    #expect(verdict.outcome == .aborted)
    #expect(verdict.notes.first?.contains("4 callers have waited for 3.0 s, 0 before") == true)
  }

  @Test func `a breaker that opens stops it at once`() async throws {
    world.setBreaker(.closed)
    let verdict = try await run(plan()) { done in
      connect(closed: done, opened: done)
      if done == 6 { world.setBreaker(.open) }
    }
    #expect(verdict.outcome == .aborted && control.steps == 2)
    #expect(
      verdict.notes.first == "stopped by itself after 6 of 16: the breaker of app opened; 16 of 16 connections work")
  }

  @Test func `errors that rise stop it, and are counted in the verdict`() async throws {
    world.count(totals(1000, failed: 0))
    let verdict = try await run(plan()) { done in
      connect(closed: done, opened: done)
      world.count(totals(1100, failed: 10))
    }
    #expect(verdict.outcome == .aborted)
    #expect(verdict.notes.first?.contains("10 of 100 requests failed") == true)
    #expect(verdict.comparisons.last?.reading == "failed requests")
    #expect(verdict.comparisons.last?.after == "10 of 100 meanwhile")
  }

  @Test func `requests that do not fail are counted as such`() async throws {
    world.count(totals(1000, failed: 3))
    let verdict = try await run(plan()) { done in
      connect(closed: done, opened: done)
      world.count(totals(1000 + UInt64(done), failed: 3))
    }
    #expect(verdict.outcome == .healed && verdict.comparisons.last?.after == "0 of 16 meanwhile")
  }

  @Test func `it takes no longer than the plan says`() async throws {
    control.neverEnds()
    let verdict = try await run(plan(timeLimit: .seconds(20))) { _ in }
    #expect(verdict.outcome == .aborted)
    #expect(verdict.notes.first?.hasPrefix("stopped by itself after 16 of 16: not done within 20 s") == true)
    #expect(clock.now.offset <= .seconds(23))
  }

  @Test func `what cannot be stopped goes on and tells`() async throws {
    world.setBreaker(.closed)
    let verdict = try await run(plan(canStop: false)) { done in
      connect(closed: done, opened: done)
      if done == 6 { world.setBreaker(.open) }
    }
    #expect(verdict.outcome == .healed && control.steps == 6)
    #expect(verdict.notes == ["the breaker of app opened, and it could not be stopped any more"])
    #expect(world.progress.contains("the breaker of app opened; it cannot be stopped any more"))
  }

  @Test func `an operator's end says how far it was`() async throws {
    let verdict = try await run(plan()) { done in
      connect(closed: done, opened: done)
      world.abort(by: bob)
    }
    #expect(verdict.outcome == .aborted && control.withdrawals == 1)
    #expect(verdict.notes.first?.hasPrefix("aborted by bob (uid 1001) after 3 of 16: ") == true)
  }

  @Test func `what is healed has to stay so`() async throws {
    let verdict = try await run(plan(), verifying: .seconds(5)) { done in connect(closed: done, opened: done) }
    #expect(verdict.outcome == .healed)
    #expect(verdict.notes.count == 1 && verdict.notes[0].hasPrefix("provisional until "))
    #expect(world.phases.last == .verifying)
  }

  @Test func `what comes back within the time is not healed`() async throws {
    connect(closed: 0, opened: 0)
    control.onStep { [self] done in connect(closed: done, opened: done) }
    let run = world.run(control, clock, plan: plan(), verifying: .seconds(5))
    let running = Task { await run.run() }
    for _ in 0..<400 where world.phases.last != .verifying { try await clock.wakeNext() }
    try await clock.wakeNext()
    world.connect("101B 102A")
    let verdict = try await clock.finish(running)
    #expect(verdict.outcome == .partial)
    #expect(verdict.notes.first == "it did not last: 1 of 2 connections are on another address again")
  }

  @Test(arguments: [(0.0, "00:00"), (59, "00:01"), (50_700, "14:05"), (50_701, "14:06"), (86_399, "00:00")])
  func `a moment is told to the minute`(seconds: Double, text: String) {
    #expect(at(seconds).minuteInUTC == text)
  }
}

/// What was written down.
private final class Recorder: Sendable {
  private let state = Mutex<[String]>([])

  var texts: [String] { state.withLock(\.self) }
  func take(_ text: String) { state.withLock { $0.append(text) } }
}
