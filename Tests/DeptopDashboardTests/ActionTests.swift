import DeptopDashboard
import DeptopModel
import DeptopScreen
import Testing

@Suite("Acting from the dashboard")
struct ActionTests {
  private func arm(_ bench: inout Bench) {
    bench.press(.character(":"))
    bench.type("arm")
    bench.press(.enter)
  }

  @Test("D is refused while read-only, and says how to change that")
  func readOnly() throws {
    var bench = Bench(Fixture.driftedHost)
    bench.press(.character("D"))
    #expect(bench.effects.isEmpty)
    #expect(bench.state.dialog == nil)
    #expect(try bench.screen().contains("read-only: type :arm"))
    #expect(try bench.screen().contains("READ-ONLY (:arm)"))
  }

  @Test(":arm makes actions possible for ten minutes")
  func arming() throws {
    var bench = Bench(Fixture.driftedHost)
    arm(&bench)
    bench.wait(.seconds(19))
    #expect(try bench.screen().contains("ARMED 9:41"))
    bench.wait(.seconds(582))
    #expect(try bench.screen().contains("READ-ONLY"))
    bench.press(.character("D"))
    #expect(bench.effects.isEmpty)
  }

  @Test("from D over the plan and the typed name to the execution, with the reason")
  func drainByName() throws {
    var bench = Bench(Fixture.driftedHost)
    arm(&bench)
    bench.press(.character("D"))
    #expect(bench.takeEffects() == [.requestPlan(Fixture.drainRequest)])
    bench.send(.planReceived(Fixture.plan(.typeName, Fixture.drainRequest)))
    bench.wait(.seconds(2))
    bench.press(.tab)
    bench.type("failover drill")
    bench.press(.enter)
    bench.type("orders-d")
    bench.press(.enter)
    #expect(bench.takeEffects().isEmpty)
    #expect(try bench.screen().contains("type orders-db, exactly"))
    bench.type("b")
    bench.press(.enter)
    #expect(bench.takeEffects() == [.execute("p-7f3a", reason: "failover drill")])
    bench.press(.enter)
    #expect(bench.takeEffects().isEmpty, "a second Enter executes nothing")
  }

  @Test("a plan that hits nothing in use is confirmed by one key", arguments: [Key.enter, .character("y")])
  func drainByKey(_ key: Key) {
    var bench = Bench(Fixture.driftedHost, isArmed: true)
    bench.press(.character("D"))
    bench.send(.planReceived(Fixture.plan(.key, Fixture.drainRequest)))
    bench.wait(.seconds(1))
    _ = bench.takeEffects()
    bench.press(key)
    #expect(bench.takeEffects() == [.execute("p-7f3a", reason: nil)])
  }

  @Test("a confirmation that comes with the plan was meant for something else")
  func tooQuick() throws {
    var bench = Bench(Fixture.driftedHost, isArmed: true)
    bench.press(.character("D"), .enter)
    bench.send(.planReceived(Fixture.plan(.key, Fixture.drainRequest)))
    _ = bench.takeEffects()
    bench.press(.enter)
    #expect(bench.takeEffects().isEmpty)
    #expect(try bench.screen().contains("too quick"))
    bench.wait(.milliseconds(400))
    bench.press(.enter)
    #expect(bench.takeEffects() == [.execute("p-7f3a", reason: nil)])
  }

  @Test("the target stays when rows move under an open dialog, and so do the rows")
  func targetIsPinned() throws {
    var bench = Bench(Fixture.driftedHost, isArmed: true)
    bench.press(.down, .down, .character("D"))
    #expect(bench.takeEffects() == [.requestPlan(PlanRequest(verb: .drain, dependency: "search"))])
    let before = try bench.row(of: "search  ")
    bench.receive { snapshot in
      for index in snapshot.dependencies.indices { snapshot.dependencies[index].level = .critical }
      snapshot.dependencies.removeAll { $0.id == "payments-api" }
    }
    #expect(try bench.row(of: "search  ") == before)
    #expect(try bench.screen().contains("no longer known to the collector"))
    #expect(bench.state.selectedDependency == "search")
    bench.press(.escape)
    #expect(bench.state.selectedDependency == "search")
    #expect(try !bench.screen().contains("payments-api    "))
  }

  @Test("the selection follows the dependency when rows move")
  func selectionFollows() {
    var bench = Bench(Fixture.driftedHost)
    bench.press(.home)
    #expect(bench.state.selectedDependency == "orders-db")
    bench.receive { snapshot in
      for index in snapshot.dependencies.indices where snapshot.dependencies[index].id == "orders-db" {
        snapshot.dependencies[index].level = .ok
      }
    }
    #expect(bench.state.selectedDependency == "orders-db")
  }

  @Test("an answer to a request that was left behind opens nothing")
  func lateAnswers() {
    var bench = Bench(Fixture.driftedHost, isArmed: true)
    bench.press(.character("D"), .escape)
    bench.send(.planReceived(Fixture.plan(.key, Fixture.drainRequest)))
    #expect(bench.state.dialog == nil)
    bench.press(.down, .character("D"))
    bench.send(.planRefused(Fixture.drainRequest, reason: "late"))
    #expect(bench.state.dialog?.dependency == "payments-api")
  }

  @Test("an expired plan is never executed: Enter asks for a new one")
  func expiredPlan() {
    var bench = Bench(Fixture.driftedHost, isArmed: true)
    bench.press(.character("D"))
    bench.send(.planReceived(Fixture.plan(.key, Fixture.drainRequest)))
    bench.wait(.seconds(61))
    _ = bench.takeEffects()
    bench.press(.enter)
    #expect(bench.takeEffects() == [.requestPlan(Fixture.drainRequest)])
  }

  @Test("a plan is not executed without a link or after the arming ran out")
  func obstacles() throws {
    var bench = Bench(Fixture.driftedHost, isArmed: true)
    bench.press(.character("D"))
    bench.send(.planReceived(Fixture.plan(.key, Fixture.drainRequest)))
    bench.wait(.seconds(1))
    bench.send(.linkChanged(.lost(since: bench.now, reason: "gone", nextAttemptAt: nil)))
    _ = bench.takeEffects()
    bench.press(.enter)
    #expect(bench.takeEffects().isEmpty)
    #expect(try bench.screen().contains("no link to the collector"))
  }

  @Test("a verb that is not offered is refused with the reason")
  func notOffered() throws {
    var bench = Bench(Fixture.driftedHost, isArmed: true)
    bench.press(.character("R"))
    #expect(try bench.screen().contains("resolve: the pool resolves at every connect"))
    bench.press(.character("/"))
    bench.type("10.2")
    bench.press(.enter, .character("D"))
    #expect(try bench.screen().contains("no control plane is configured that can drain 10.2.0.9:9092"))
    #expect(bench.effects.isEmpty)
  }

  @Test("a refusal is shown until it is dismissed")
  func refusal() throws {
    var bench = Bench(Fixture.driftedHost, isArmed: true)
    bench.press(.character("D"))
    bench.send(.planRefused(Fixture.drainRequest, reason: "3 of 3 pre-flight connections failed"))
    #expect(try bench.screen().contains("3 of 3 pre-flight connections failed"))
    bench.wait(.seconds(100))
    #expect(bench.state.dialog != nil)
    bench.press(.enter)
    #expect(bench.state.dialog == nil)
  }

  private func started() -> Bench {
    var bench = Bench(Fixture.driftedHost, isArmed: true)
    bench.press(.character("D"))
    bench.send(.planReceived(Fixture.plan(.key, Fixture.drainRequest)))
    bench.wait(.seconds(1))
    bench.press(.enter)
    bench.send(.actionStarted(Fixture.action()))
    _ = bench.takeEffects()
    return bench
  }

  @Test("a verdict takes the place of the progress and stays until dismissed; y copies it")
  func verdict() throws {
    var bench = started()
    #expect(try bench.screen().contains("[draining]"))
    var ended = Fixture.action(phase: .finished)
    ended.verdict = Fixture.healedVerdict
    bench.receive { $0.actions.append(ended) }
    #expect(bench.state.dialog == .verdict(ended))
    bench.wait(.seconds(1000))
    #expect(try bench.screen().contains("DRAINED orders-db in 9.4s: healed"))
    bench.press(.character("y"))
    #expect(bench.takeEffects() == [.copy(ActionText().verdict(of: ended))])
    bench.press(.escape)
    #expect(bench.state.dialog == nil)
  }

  @Test("the verdict of a hidden action waits until nothing else is in front")
  func hiddenVerdict() {
    var bench = started()
    bench.press(.escape, .character("/"))
    var ended = Fixture.action(phase: .finished)
    ended.verdict = Fixture.healedVerdict
    bench.send(.actionUpdated(ended))
    #expect(bench.state.dialog == nil)
    bench.press(.escape)
    #expect(bench.state.dialog == .verdict(ended))
  }

  @Test("X stops an action that was started here, even after the arming ran out")
  func abort() {
    var bench = started()
    bench.wait(.seconds(601))
    bench.press(.character("X"))
    #expect(bench.takeEffects() == [.abort("a-1")])
  }

  @Test("X does not stop another operator's action while read-only")
  func abortOfOthers() {
    var bench = Bench(Fixture.driftedHost)
    bench.receive { $0.actions.append(Fixture.action("a-9")) }
    bench.press(.character("X"))
    #expect(bench.takeEffects().isEmpty)
    arm(&bench)
    bench.press(.character("X"))
    #expect(bench.takeEffects() == [.abort("a-9")])
  }

  @Test("an action that a restarted collector has forgotten does not run for ever")
  func forgottenAction() throws {
    var bench = started()
    bench.wait(.seconds(30))
    bench.receive { _ in }
    #expect(try bench.screen().contains("no longer knows the drain of orders-db"))
  }
}
