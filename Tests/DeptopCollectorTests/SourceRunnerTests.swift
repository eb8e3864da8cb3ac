import DeptopConfiguration
import DeptopModel
import DeptopSources
import DeptopTestSupport
import Logging
import Testing

@testable import DeptopCollector

/// Runs a source on a clock that the test drives, for as long as the body takes.
private struct Bench {
  let clock = ManualClock()
  let store = Store(settings: settings("orders@10.0.0.1"), remembered: [:])

  func running(
    _ sources: ScriptedSource..., demand: PollDemand = PollDemand(), body: () async throws -> Void
  ) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      for source in sources {
        let runner = SourceRunner(
          source: source, recorder: SourceRecorder(store: store), clock: clock,
          logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, demand: demand)
        group.addTask { await runner.run() }
      }
      try await body()
      group.cancelAll()
    }
  }

  func status(_ id: SourceID = "scripted") -> SourceStatus? { store.knowledge.statuses[id] }

  func waitFor(_ state: SourceStatus.State, of id: SourceID = "scripted") async throws {
    try await waitUntil("source is \(state)") { status(id)?.state == state }
  }

  /// Waits until a source that is not polling sleeps, and wakes it; answers how long it would have slept.
  func nextPoll(of source: ScriptedSource, after polls: Int) async throws -> Duration {
    try await waitUntil("poll \(polls) is judged") { source.polls == polls && clock.sleepers == 1 }
    let step = try await clock.wakeNext()
    try await waitUntil("poll \(polls + 1)") { source.polls > polls }
    return step
  }
}

@Suite(.timeLimit(.minutes(1)))
struct SourceRunnerTests {
  @Test func `a poll that is asked for comes before its time, though not at once after the last`() async throws {
    let bench = Bench()
    let source = ScriptedSource { _ throws(SourceError) in [] }
    let demand = PollDemand()
    try await bench.running(source, demand: demand) {
      try await waitUntil("the first poll is judged") { source.polls == 1 && bench.clock.sleepers == 1 }
      var sawPause = false
      let start = ContinuousClock.now
      // Its interval is 10 s, none of which passes on this clock but what is slept after it was asked.
      try await waitUntil("it is polled again") {
        if source.polls >= 2 { return true }
        demand.ask()
        if let left = bench.clock.untilNext, left <= SourceRunner.shortestPause {
          sawPause = true
          bench.clock.advance(by: left)
        }
        return false
      }
      #expect(sawPause || ContinuousClock.now - start > SourceRunner.shortestPause)
      #expect(source.polls == 2 && bench.clock.now.offset <= SourceRunner.shortestPause)
      let pause = try await bench.nextPoll(of: source, after: 2)
      #expect(pause > .seconds(5), "nobody asked for a third")
    }
  }

  @Test func `a success is recorded, and the next poll comes after the interval`() async throws {
    let bench = Bench()
    let source = ScriptedSource { _ throws(SourceError) in
      [.pool("orders", PoolReading(client: "app", active: 1, idle: 1))]
    }
    try await bench.running(source) {
      try await bench.waitFor(.ok)
      let status = try #require(bench.status())
      #expect(status.error == nil && status.consecutiveFailures == 0 && status.nextAttemptAt == nil)
      #expect(status.lastSuccessAt != nil && status.firstAttemptAt != nil && status.lastDuration != nil)
      #expect(bench.store.knowledge.pools["orders"]?["scripted"]?.value.active == 1)
      let pause = try await bench.nextPoll(of: source, after: 1)
      #expect(pause <= .seconds(10) && pause > .seconds(5), "the interval less what the poll took")
    }
  }

  @Test func `having nothing to say is no failure`() async throws {
    let bench = Bench()
    let source = ScriptedSource { _ throws(SourceError) in throw .noData("nothing configured") }
    try await bench.running(source) {
      try await bench.waitFor(.noData)
      #expect(bench.status()?.isSilent == false && bench.status()?.lastSuccessAt != nil)
    }
  }

  @Test func `failures are counted, back off up to a limit, and one success ends them`() async throws {
    let bench = Bench()
    let source = ScriptedSource(interval: .seconds(1)) { number throws(SourceError) in
      if number > 8 { return [] }
      throw .transient("connection refused")
    }
    try await bench.running(source) {
      for failures in 1...8 {
        try await waitUntil("failure \(failures)") { bench.status()?.consecutiveFailures == failures }
        let status = try #require(bench.status())
        #expect(status.state == .failing && status.error == "connection refused" && status.nextAttemptAt != nil)
        let whole = min(Duration.seconds(1 << (failures - 1)), Backoff.limit)
        let pause = try await bench.nextPoll(of: source, after: failures)
        #expect(pause >= whole / 2 && pause <= whole, "failure \(failures): \(pause)")
      }
      try await bench.waitFor(.ok)
      #expect(bench.status()?.consecutiveFailures == 0 && bench.status()?.error == nil)
    }
  }

  @Test func `what only a person can mend is broken, and asked again seldom`() async throws {
    let bench = Bench()
    let source = ScriptedSource(interval: .seconds(1)) { _ throws(SourceError) in throw .permanent("no such user") }
    try await bench.running(source) {
      try await bench.waitFor(.broken)
      #expect(bench.status()?.isSilent == true)
      #expect(try await bench.nextPoll(of: source, after: 1) == Backoff.permanent)
    }
  }

  @Test func `a hung poll is marked, never doubled, and delays nobody else`() async throws {
    let bench = Bench()
    let door = Door()
    let hung = ScriptedSource("hung") { number throws(SourceError) in
      if number == 1 { await door.pass() }
      return []
    }
    let other = ScriptedSource("other") { _ throws(SourceError) in [] }
    try await bench.running(hung, other) {
      // The door does not heed cancellation: it is opened also when the test fails.
      defer { door.open() }
      try await waitUntil("one hangs, the other rests") {
        hung.polls == 1 && bench.status("other")?.state == .ok && bench.clock.sleepers == 2
      }
      bench.clock.advance(by: .seconds(2))
      try await bench.waitFor(.hung, of: "hung")
      for polls in 1...5 {
        // The other one's timeout is 2 s: who sleeps for longer rests between two polls.
        try await waitUntil("the other rests") {
          other.polls == polls && bench.clock.untilNext.map { $0 > .seconds(2) } == true
        }
        bench.clock.advance(by: .seconds(10))
        try await waitUntil("the other goes on") { other.polls == polls + 1 }
      }
      #expect(hung.polls == 1 && hung.mostAtOnce == 1)
      #expect(bench.status("hung")?.state == .hung && bench.status("other")?.state == .ok)
      door.open()
      try await bench.waitFor(.failing, of: "hung")
      #expect(bench.status("hung")?.error == "no answer within 2.0 s")
      try await waitUntil("it answers again") {
        bench.clock.advance(by: .seconds(1))
        return bench.status("hung")?.state == .ok
      }
      #expect(hung.mostAtOnce == 1)
    }
  }

  @Test func `a poll that heeds cancellation fails with its timeout`() async throws {
    let bench = Bench()
    let source = ScriptedSource { number throws(SourceError) in
      if number > 1 { return [] }
      let (never, _) = AsyncStream<Never>.makeStream()
      for await _ in never {}
      throw .transient("cancelled")
    }
    try await bench.running(source) {
      try await waitUntil("it polls") { source.polls == 1 && bench.clock.sleepers == 1 }
      bench.clock.advance(by: .seconds(2))
      try await bench.waitFor(.failing)
      #expect(bench.status()?.error == "no answer within 2.0 s")
    }
  }

  @Test func `cancellation ends the runner while it sleeps and while it polls, and records nothing more`() async throws
  {
    let bench = Bench()
    let sleeping = ScriptedSource("sleeping") { _ throws(SourceError) in [] }
    let polling = ScriptedSource("polling") { _ throws(SourceError) in
      let (never, _) = AsyncStream<Never>.makeStream()
      for await _ in never {}
      return []
    }
    try await bench.running(sleeping, polling) {
      try await waitUntil("one sleeps and one polls") {
        bench.status("sleeping")?.state == .ok && polling.polls == 1 && bench.clock.sleepers == 2
      }
    }
    #expect(bench.status("polling")?.state == .starting)
  }
}

struct BackoffTests {
  @Test(arguments: [(1, 1.0), (2, 2), (3, 4), (5, 16), (6, 30), (7, 30), (1_000_000, 30)])
  func `pauses double up to the limit, and half of each is random`(failures: Int, seconds: Double) {
    let pause = { (jitter: Double) in Backoff.pause(after: failures, interval: .seconds(1), jitter: jitter) }
    #expect(pause(1) == .seconds(seconds))
    #expect(pause(0) == .seconds(seconds / 2))
  }

  @Test func `a source that is polled seldom is not asked more often when it fails`() {
    for failures in [1, 2, 10] {
      #expect(Backoff.pause(after: failures, interval: .seconds(300), jitter: 0) == .seconds(150))
      #expect(Backoff.pause(after: failures, interval: .seconds(300), jitter: 1) == .seconds(300))
    }
  }
}
