import DeptopDashboard
import DeptopModel
import DeptopScreen
import Testing

@Suite("Repair from the dashboard")
struct RepairTests {
  private func request(_ method: RepairMethod, _ scope: ActionScope) -> Effect {
    .requestPlan(PlanRequest(verb: .repair, dependency: "orders-db", scope: scope, repair: method))
  }

  private func bench(unstick: String? = nil) -> Bench {
    var snapshot = Fixture.socketHost
    if unstick == nil {
      snapshot.dependencies[snapshot.place(of: "orders-db") ?? 0].actions = [
        ActionOffer(verb: .repair, repairs: RepairMethod.allCases.map { RepairOffer($0) })
      ]
    }
    return Bench(snapshot, isArmed: true)
  }

  @Test(
    "K and a letter ask for a plan, with the connections that the way is meant for",
    arguments: [("p", .prove, .all), ("C", .close, .stale), ("u", .unstick, .all)]
      as [(Character, RepairMethod, ActionScope)])
  func letters(_ letter: Character, _ method: RepairMethod, _ scope: ActionScope) {
    var bench = bench()
    bench.press(.character("K"), .character(letter))
    #expect(bench.takeEffects() == [request(method, scope)])
    #expect(bench.state.repairMenu == nil)
  }

  @Test(
    "the way that a finding names is highlighted",
    arguments: [
      ("prove and keep alive", .prove), ("close stale", .close), ("Unstick", .unstick), ("repair", .prove),
    ] as [(String, RepairMethod)])
  func preselected(_ label: String, _ method: RepairMethod) throws {
    var bench = bench()
    bench.receive { $0.findings[0].actionLabel = label }
    bench.press(.character("K"))
    let menu = try #require(bench.state.repairMenu)
    #expect(menu.offers[menu.index].method == method)
  }

  @Test("a way that cannot be used is grey with its reason, and choosing it says so and leaves the menu open")
  func unavailable() throws {
    var bench = bench(unstick: "as it is")
    bench.press(.character("K"))
    #expect(try bench.screen().contains("cannot: deptop-helper may not reach into other processes"))
    bench.press(.character("u"))
    #expect(bench.effects.isEmpty)
    #expect(bench.state.repairMenu != nil)
    #expect(try bench.screen().contains("unstick: deptop-helper may not reach"))
    bench.press(.end, .enter)
    #expect(bench.effects.isEmpty)
  }

  @Test("the menu is left without a plan", arguments: [Key.escape, .character("q"), .character("K"), .control("c")])
  func leaving(_ key: Key) {
    var bench = bench()
    bench.press(.character("K"), key)
    #expect(bench.state.repairMenu == nil)
    #expect(bench.effects.isEmpty)
  }

  @Test("K is refused while read-only, and where the collector repairs nothing")
  func refused() throws {
    var bench = Bench(Fixture.socketHost)
    bench.press(.character("K"))
    #expect(try bench.screen().contains("repair: read-only: type :arm"))
    bench = Bench(Fixture.driftedHost, isArmed: true)
    bench.press(.character("K"))
    #expect(try bench.screen().contains("repair: the collector cannot repair connections: deptop doctor tells why"))
    #expect(bench.state.repairMenu == nil && bench.effects.isEmpty)
  }

  @Test("the target is the dependency that was selected when the menu opened")
  func pinned() {
    var bench = bench()
    bench.press(.character("K"))
    bench.receive { snapshot in
      for index in snapshot.dependencies.indices { snapshot.dependencies[index].level = .ok }
    }
    bench.press(.character("p"))
    #expect(bench.takeEffects() == [request(.prove, .all)])
  }

  @Test(
    ":repair takes a way by its beginning",
    arguments: [("prove", .prove, .all), ("cl", .close, .stale), ("u", .unstick, .all)]
      as [(String, RepairMethod, ActionScope)])
  func commandLine(_ word: String, _ method: RepairMethod, _ scope: ActionScope) {
    var bench = bench()
    bench.press(.character(":"))
    bench.type("repair \(word)")
    bench.press(.enter)
    #expect(bench.takeEffects() == [request(method, scope)])
  }

  @Test(
    ":repair answers what it does not take",
    arguments: [
      ("", "a way of repair is missing: prove, close, unstick"), ("heal", "no single way of repair \"heal\""),
      ("unstick", "yama ptrace_scope 3"),
    ])
  func wrongWay(_ word: String, _ answer: String) throws {
    var bench = bench(unstick: "as it is")
    bench.press(.character(":"))
    bench.type("repair \(word)")
    bench.press(.enter)
    #expect(bench.effects.isEmpty)
    #expect(try bench.screen().contains(answer))
  }

  @Test("Tab completes :repair and its ways")
  func completion() {
    var bench = bench()
    bench.press(.character(":"))
    bench.type("rep")
    bench.press(.tab)
    bench.type("un")
    bench.press(.tab)
    #expect(bench.state.prompt?.field.text == "repair unstick")
  }

  @Test("the plan says what is done to which connections, and only the plan of the same way opens")
  func plan() throws {
    var bench = bench()
    bench.press(.character("K"), .character("p"))
    var other = Fixture.repairPlan
    other.request.repair = .close
    bench.send(.planReceived(other))
    #expect(try bench.screen().contains("asking the collector for a plan"))
    bench.send(.planReceived(Fixture.repairPlan))
    let screen = try bench.screen()
    #expect(screen.contains("Repair orders-db on web-17 PROD: prove"))
    #expect(screen.contains("time limit   2 connections (2 dead) to 10.0.3.7:5432"))
    #expect(screen.contains("keepalive    4 connections (1 in use) to 10.0.3.7:5432"))
    bench.wait(.seconds(1))
    _ = bench.takeEffects()
    bench.press(.enter)
    #expect(bench.takeEffects() == [.execute("p-22c1", reason: nil)])
    bench.send(.actionStarted(Fixture.repairAction(nil)))
    bench.send(.actionUpdated(Fixture.repairAction(Fixture.repairVerdict)))
    #expect(try bench.screen().contains("✔ REPAIRED orders-db in 5.2s: healed"))
  }

  @Test("plan and verdict as text")
  func text() {
    let text = ActionText()
    ScreenSnapshot.check(
      text.plan(Fixture.repairPlan, host: Fixture.socketHost.host)
        + text.verdict(of: Fixture.repairAction(Fixture.repairVerdict)), "repair-texts")
  }
}
