import DeptopDashboard
import DeptopModel
import DeptopScreen
import Testing

@Suite("Breakers from the dashboard")
struct BreakerTests {
  private func request(_ state: BreakerState, _ dependency: DependencyID = "orders-db") -> Effect {
    .requestPlan(PlanRequest(verb: .breaker, dependency: dependency, breaker: state))
  }

  @Test("B lists the states that are offered, and Enter asks for a plan for the chosen one")
  func menu() throws {
    var bench = Bench(Fixture.calledHost, isArmed: true)
    bench.press(.character("B"))
    let screen = try bench.screen()
    #expect(screen.contains("breaker of orders-db"))
    for word in ["c  close", "o  open", "h  half-open", "f  force open"] { #expect(screen.contains(word)) }
    #expect(!screen.contains("d  disable"))
    #expect(bench.effects.isEmpty)
    bench.press(.down, .down, .enter)
    #expect(bench.takeEffects() == [request(.halfOpen)])
    #expect(bench.state.breakerMenu == nil)
  }

  @Test(
    "a letter chooses a state at once",
    arguments: [("c", .closed), ("o", .open), ("h", .halfOpen), ("f", .forcedOpen)] as [(Character, BreakerState)])
  func letters(_ letter: Character, _ state: BreakerState) {
    var bench = Bench(Fixture.calledHost, isArmed: true)
    bench.press(.character("B"), .character(letter))
    #expect(bench.takeEffects() == [request(state)])
  }

  @Test("a letter of a state that is not offered does nothing")
  func letterNotOffered() {
    var bench = Bench(Fixture.calledHost, isArmed: true)
    bench.press(.character("B"), .character("d"))
    #expect(bench.effects.isEmpty)
    #expect(bench.state.breakerMenu != nil)
  }

  @Test("the menu is left without a plan", arguments: [Key.escape, .character("q"), .character("B"), .control("c")])
  func leaving(_ key: Key) {
    var bench = Bench(Fixture.calledHost, isArmed: true)
    bench.press(.character("B"), key)
    #expect(bench.state.breakerMenu == nil)
    #expect(bench.effects.isEmpty)
  }

  @Test("the highlight stops at both ends")
  func ends() {
    var bench = Bench(Fixture.calledHost, isArmed: true)
    bench.press(.character("B"), .up, .up)
    #expect(bench.state.breakerMenu?.index == 0)
    bench.press(.character("G"), .down)
    #expect(bench.state.breakerMenu?.index == 3)
  }

  @Test("the target is the dependency that was selected when the menu opened, and its row stays")
  func pinned() throws {
    var bench = Bench(Fixture.calledHost, isArmed: true)
    bench.press(.down, .character("B"))
    let before = try bench.row(of: "✖ payments-api")
    bench.receive { snapshot in
      for index in snapshot.dependencies.indices { snapshot.dependencies[index].level = .ok }
    }
    #expect(try bench.row(of: "payments-api") == before)
    bench.press(.enter)
    #expect(bench.takeEffects() == [request(.closed, "payments-api")])
  }

  @Test("B is refused while read-only, and where no client offers it")
  func refused() throws {
    var bench = Bench(Fixture.calledHost)
    bench.press(.character("B"))
    #expect(try bench.screen().contains("breaker: read-only: type :arm"))
    bench = Bench(Fixture.driftedHost, isArmed: true)
    bench.press(.character("B"))
    #expect(try bench.screen().contains("no control plane is configured that can set the breaker of orders-db"))
    #expect(bench.state.breakerMenu == nil && bench.effects.isEmpty)
  }

  @Test("an offer without states is answered with the reason")
  func noStates() throws {
    var bench = Bench(Fixture.calledHost, isArmed: true)
    bench.receive { snapshot in
      for index in snapshot.dependencies.indices where snapshot.dependencies[index].id == "orders-db" {
        snapshot.dependencies[index].actions = [ActionOffer(verb: .breaker)]
      }
    }
    bench.press(.character("B"))
    #expect(try bench.screen().contains("do not say which states they can be put into"))
    #expect(bench.state.breakerMenu == nil)
  }

  @Test(
    ":breaker takes a state by its beginning",
    arguments: [("close", .closed), ("open", .open), ("half", .halfOpen), ("forced-open", .forcedOpen)]
      as [(String, BreakerState)])
  func commandLine(_ word: String, _ state: BreakerState) {
    var bench = Bench(Fixture.calledHost, isArmed: true)
    bench.press(.character(":"))
    bench.type("breaker \(word)")
    bench.press(.enter)
    #expect(bench.takeEffects() == [request(state)])
  }

  @Test(
    ":breaker answers what it does not take",
    arguments: [
      ("", "a state is missing: closed, open, half-open, forced-open, disabled"),
      ("ajar", "no single state \"ajar\""), ("disabled", "not disabled"),
    ])
  func wrongState(_ word: String, _ answer: String) throws {
    var bench = Bench(Fixture.calledHost, isArmed: true)
    bench.press(.character(":"))
    bench.type("breaker \(word)")
    bench.press(.enter)
    #expect(bench.effects.isEmpty)
    #expect(try bench.screen().contains(answer))
  }

  @Test("Tab completes :breaker and its states")
  func completion() {
    var bench = Bench(Fixture.calledHost)
    bench.press(.character(":"))
    bench.type("b")
    bench.press(.tab)
    bench.type("ha")
    bench.press(.tab)
    #expect(bench.state.prompt?.field.text == "breaker half-open")
  }

  @Test("the plan names host and state, and only the plan for the same state opens")
  func plan() throws {
    var bench = Bench(Fixture.calledHost, isArmed: true)
    bench.press(.character("B"), .character("c"))
    bench.send(.planReceived(Fixture.breakerPlan(.open)))
    #expect(try bench.screen().contains("asking the collector for a plan"))
    bench.send(.planReceived(Fixture.breakerPlan(.closed)))
    #expect(try bench.screen().contains("Breaker orders-db on web-17 PROD: close"))
    bench.wait(.seconds(1))
    _ = bench.takeEffects()
    bench.press(.enter)
    #expect(bench.takeEffects() == [.execute("p-91b2", reason: nil)])
  }

  @Test("a change of a breaker is told as one while it runs and when it ended")
  func running() throws {
    var bench = Bench(Fixture.calledHost, isArmed: true)
    var status = ActionStatus(
      id: "a-7", plan: "p-91b2", verb: .breaker, dependency: "orders-db", actor: Fixture.operatorAlice, reason: nil,
      startedAt: Fixture.ago(1))
    bench.send(.actionStarted(status))
    bench.receive { $0.actions = [status] }
    bench.press(.character("B"))
    #expect(try bench.screen().contains("breaker: a breaker change of orders-db is running: X stops it"))
    status.verdict = Verdict(
      outcome: .healed, endedAt: Fixture.now, duration: .seconds(1), comparisons: [], notes: [])
    bench.send(.actionUpdated(status))
    #expect(try bench.screen().contains("SET BREAKER OF orders-db in 1.0s: healed"))
  }
}
