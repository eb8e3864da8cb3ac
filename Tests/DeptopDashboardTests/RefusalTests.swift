import DeptopDashboard
import DeptopModel
import DeptopScreen
import Testing

@Suite("What is refused, stopped, or said at length")
struct RefusalTests {
  private static let prohibition =
    "orders-db is slow itself: 38 of 40 requests wait for its answer, so that a drain would only add connects; shed "
    + "load for at least 24 s (backlog 960 / capacity 40 per second), then look again"

  private func refused(_ columns: Int) -> Bench {
    var bench = Bench(Fixture.driftedHost, columns: columns, rows: 24, isArmed: true)
    bench.receive { snapshot in
      for index in snapshot.dependencies.indices where snapshot.dependencies[index].id == "orders-db" {
        snapshot.dependencies[index].actions = [ActionOffer(verb: .drain, unavailable: Self.prohibition)]
      }
    }
    return bench
  }

  @Test(arguments: [40, 80, 120])
  func `a key that a policy disables tells the whole reason`(_ columns: Int) throws {
    var bench = refused(columns)
    bench.press(.character("D"))
    #expect(bench.takeEffects().isEmpty)
    let words = try bench.screen().split { " \n│|".contains($0) }.joined(separator: " ")
    #expect(words.contains("then look again"))
    #expect(words.contains("backlog 960 / capacity 40 per second"))
    bench.press(.enter)
    #expect(bench.state.dialog == nil)
  }

  @Test func `a host that asks for a reason gets one before anything runs`() throws {
    var bench = Bench(Fixture.driftedHost, isArmed: true)
    bench.receive { $0.host.policy = OperatingPolicy(isReasonRequired: true, forbiddenVerbs: []) }
    bench.press(.character("D"))
    bench.send(.planReceived(Fixture.plan(.key, Fixture.drainRequest)))
    bench.wait(.seconds(1))
    _ = bench.takeEffects()
    #expect(try bench.screen().contains("required, kept in the audit"))
    let asked = try bench.screen()
    #expect(asked.contains("Tab to the reason, which this host asks for") && !asked.contains("runs it"))
    bench.press(.enter)
    #expect(bench.takeEffects().isEmpty)
    #expect(try bench.screen().contains("this host asks for a reason"))
    bench.type("old primary")
    bench.press(.enter)
    #expect(try bench.screen().contains("Enter or y runs it"))
    bench.press(.enter)
    #expect(bench.takeEffects() == [.execute("p-7f3a", reason: "old primary")])
  }

  @Test func `a verb that nobody may use here is not asked for`() throws {
    var bench = Bench(Fixture.driftedHost, isArmed: true)
    bench.receive { $0.host.policy = OperatingPolicy(isReasonRequired: false, forbiddenVerbs: [.drain]) }
    bench.press(.character("D"))
    #expect(bench.takeEffects().isEmpty)
    #expect(try bench.screen().contains("nobody may drain anything on this host"))
  }

  @Test func `a short reason stays in the last line`() {
    var bench = Bench(Fixture.driftedHost)
    bench.press(.character("D"))
    #expect(bench.state.dialog == nil)
    #expect(bench.state.notice?.kind == .problem)
  }

  @Test func `the collector's long refusal of a plan is wrapped in its dialog`() throws {
    var bench = Bench(Fixture.driftedHost, columns: 80, rows: 24, isArmed: true)
    bench.press(.character("D"))
    bench.send(.planRefused(Fixture.drainRequest, reason: Self.prohibition))
    ScreenSnapshot.check(try bench.canvas(), "refusal-long-80x24")
  }

  @Test(arguments: [40, 80])
  func `a plan with labels that this version does not know`(_ columns: Int) throws {
    var bench = Bench(Fixture.driftedHost, columns: columns, rows: 36, isArmed: true)
    bench.press(.character("D"))
    var plan = Fixture.plan(.key, Fixture.drainRequest)
    plan.lines = [
      PlanLine("batches", "4 of 5, 1.0 to 1.5 s apart; half of the pool of each client stays ready"),
      PlanLine(
        "stops if",
        "connect p95 > 300 ms, a connect fails, errors +2 points, more than 4 callers wait, or the server has fewer "
          + "than 10 connections left"),
      PlanLine("gentler", "the pools' own lifetime would retire them within 30 min: --scope idle takes 9 of 14"),
      PlanLine("what comes after it", "its verdict, 10 s after the last connection was closed"),
    ]
    bench.send(.planReceived(plan))
    ScreenSnapshot.check(try bench.canvas(), "plan-labels-\(columns)x36")
  }

  @Test func `an action that stopped by itself says how far it came and why`() throws {
    var bench = Bench(Fixture.driftedHost, columns: 80, rows: 24, isArmed: true)
    bench.press(.character("D"))
    bench.send(.planReceived(Fixture.plan(.key, Fixture.drainRequest)))
    bench.wait(.seconds(1))
    bench.press(.enter)
    bench.send(.actionStarted(Fixture.action()))
    var ended = Fixture.action(phase: .finished)
    ended.verdict = Verdict(
      outcome: .aborted, endedAt: Fixture.now, duration: .seconds(3.1),
      comparisons: [Comparison(reading: "on old address", before: "14 of 20", after: "10 of 20")],
      notes: [
        "stopped by itself after 4 of 14: 2 of 4 new connections to 10.0.3.9 failed (connection refused)",
        "16 of 20 connections work; not again before 14:08:22 (cool-down 5 min)",
      ])
    bench.send(.actionUpdated(ended))
    ScreenSnapshot.check(try bench.canvas(), "verdict-aborted-80x24")
  }

  @Test(arguments: [Character("1"), "4"])
  func `X stops the only action that runs, whatever is selected, and shows what comes of it`(_ screen: Character) {
    var bench = Bench(Fixture.driftedHost, isArmed: true)
    bench.receive { $0.actions.append(Fixture.action("a-9")) }
    bench.press(.down, .down, .character(screen))
    #expect(bench.state.selectedDependency != "orders-db")
    _ = bench.takeEffects()
    bench.press(.character("X"))
    #expect(bench.takeEffects() == [.abort("a-9")])
    #expect(bench.state.dialog == .running("a-9"))
  }

  @Test func `X stops it from the dependency's page`() {
    var bench = Bench(Fixture.driftedHost, isArmed: true)
    bench.receive { $0.actions.append(Fixture.action("a-9")) }
    bench.press(.enter)
    _ = bench.takeEffects()
    bench.press(.character("X"))
    #expect(bench.takeEffects() == [.abort("a-9")])
  }

  @Test func `X works over an open dialog, and is a letter where text is typed`() {
    var bench = Bench(Fixture.driftedHost, isArmed: true)
    bench.press(.character("D"))
    bench.send(.planReceived(Fixture.plan(.key, Fixture.drainRequest)))
    bench.receive { $0.actions.append(Fixture.action("a-9")) }
    _ = bench.takeEffects()
    bench.press(.character("X"))
    #expect(bench.takeEffects() == [.abort("a-9")])
    bench.press(.tab, .character("X"))
    #expect(bench.takeEffects().isEmpty)
    bench.press(.escape, .character("D"))
    bench.send(.planRefused(Fixture.drainRequest, reason: "no"))
    _ = bench.takeEffects()
    bench.press(.character("X"))
    #expect(bench.takeEffects() == [.abort("a-9")])
  }

  @Test func `X does not guess which of two actions is meant`() throws {
    var bench = Bench(Fixture.driftedHost, isArmed: true)
    bench.receive { snapshot in
      var other = Fixture.action("a-10")
      other.dependency = "cache"
      snapshot.actions += [Fixture.action("a-9"), other]
    }
    bench.press(.character("4"))
    _ = bench.takeEffects()
    bench.press(.character("X"))
    #expect(bench.takeEffects().isEmpty)
    #expect(try bench.screen().contains("2 actions are running"))
  }
}
