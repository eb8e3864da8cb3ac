import DeptopConfiguration
import DeptopControl
import DeptopModel
import DeptopTestSupport
import Testing

@Suite(.timeLimit(.minutes(1))) struct ActuatorControlTests {
  private func control(_ actuator: ScriptedActuator, breaker: String = "pay") -> ActuatorControl {
    var dependency = DependencySettings(name: "payments", host: "pay.lab", port: 443)
    dependency.actuator = ActuatorBreaker(instance: "orders", breaker: breaker)
    return ActuatorControl(settings: actuator.settings, dependencies: [dependency])
  }

  private func detail(isRead: Bool = true, silent: String? = nil) -> DependencyDetail {
    var dependency = Dependency(id: "payments", kind: nil, host: "pay.lab", port: 443, origin: .configured)
    if isRead {
      dependency.breakers = [
        Reading(BreakerReading(client: "orders", state: .open), source: "actuator/orders", observedAt: .now())
      ]
    }
    dependency.silentSources =
      silent.map { [SilentSource(source: "actuator/orders", since: .now(), reason: $0, nextAttemptAt: nil)] } ?? []
    return DependencyDetail(dependency: dependency, connections: [])
  }

  private func request(_ state: BreakerState?, verb: ActionVerb = .breaker, client: String? = nil) -> PlanRequest {
    PlanRequest(verb: verb, dependency: "payments", breaker: state, client: client)
  }

  private func error(_ work: () async throws(ControlError) -> Void) async -> ControlError? {
    do throws(ControlError) {
      try await work()
      return nil
    } catch {
      return error
    }
  }

  @Test func `the breaker is offered with the states that the actuator has commands for`() throws {
    let control = control(try ScriptedActuator(["pay": "OPEN"]))
    let offers = control.offers(for: detail())
    #expect(offers.first { $0.verb == .breaker }?.breakerStates == [.closed, .forcedOpen, .disabled])
    #expect(offers.first { $0.verb == .breaker }?.unavailable == nil)
    #expect(offers.filter { $0.verb != .breaker }.allSatisfy { $0.unavailable != nil })
    let unread = control.offers(for: detail(isRead: false)).first { $0.verb == .breaker }
    #expect(unread?.unavailable == "actuator \"orders\" has not reported circuit breaker \"pay\"")
    #expect(unread?.breakerStates == nil)
    let silent = control.offers(for: detail(silent: "refused")).first { $0.verb == .breaker }
    #expect(silent?.unavailable == "actuator \"orders\" does not answer: refused")
  }

  @Test(arguments: [
    (BreakerState.closed, "CLOSED", Plan.Confirmation.key), (.forcedOpen, "FORCED_OPEN", .typeName),
    (.disabled, "DISABLED", .typeName),
  ])
  func `a plan says what changes, and its execution does that`(
    state: BreakerState, word: String, confirmation: Plan.Confirmation
  ) async throws {
    let actuator = try ScriptedActuator(["pay": "OPEN", "ship": "CLOSED"])
    let control = control(actuator)
    let preparation = try await control.prepare(request(state), for: detail())
    #expect(preparation.targets.isEmpty && preparation.confirmation == confirmation)
    #expect(preparation.clients == [PlanClient(name: "orders", source: "actuator/orders", dependency: "pay")])
    #expect(
      preparation.texts("changes") == [
        "circuit breaker \"pay\" of orders: from open, 13 % of its window failed to \(state.rawValue)"
      ])
    #expect(preparation.texts("cannot").contains { $0.hasPrefix("put it into half-open") })
    #expect(actuator.states["pay"] == "OPEN", "preparing changes nothing")
    let plan = preparation.plan(for: request(state), destinations: [])
    #expect(try await control.remaining(of: plan).note == "circuit breaker \"pay\" is open")
    #expect(try await control.execute(plan).hasPrefix("put circuit breaker \"pay\" into \(state.rawValue) by actuator"))
    #expect(actuator.states == ["pay": word, "ship": "CLOSED"])
    #expect(try await control.remaining(of: plan) == Remaining(connections: 0, inUse: 0, note: nil))
  }

  @Test func `a breaker that is not there is refused and never made`() async throws {
    let actuator = try ScriptedActuator(["pay": "OPEN"])
    let control = control(actuator, breaker: "pya")
    let prepared = await error { () throws(ControlError) in
      _ = try await control.prepare(request(.closed), for: detail())
    }
    #expect(prepared?.description.hasSuffix("there is no circuit breaker \"pya\"; it has pay") == true)
    let plan = Preparation(targets: [], lines: [], confirmation: .key, drainTimeout: .zero)
      .plan(for: request(.closed), destinations: [])
    let executed = await error { () throws(ControlError) in _ = try await control.execute(plan) }
    #expect(executed?.description.hasSuffix("there is no circuit breaker \"pya\"; it has pay") == true)
    #expect(actuator.states == ["pay": "OPEN"])
    #expect(!actuator.server.requests.contains { $0.method == "POST" })
  }

  @Test func `what the actuator cannot do is refused with the reason`() async throws {
    let actuator = try ScriptedActuator(["pay": "FORCED_OPEN"])
    let control = control(actuator)
    let words: [(PlanRequest, String)] = [
      (request(.halfOpen), "the actuator has no command for it, a breaker goes there by itself"),
      (request(.open), "the actuator has no command for it, a breaker goes there by its calls"),
      (request(nil), "a state is missing: the actuator offers closed, forced-open, disabled"),
      (request(.forcedOpen), "is forced-open already"),
      (request(.closed, verb: .drain), "changes circuit breakers and no connections"),
      (request(.closed, client: "x"), "\"x\" is another client"),
    ]
    for (request, text) in words {
      let reason = await error { () throws(ControlError) in _ = try await control.prepare(request, for: detail()) }
      #expect(reason?.description.contains(text) == true, "\(String(describing: reason))")
    }
    #expect(actuator.states == ["pay": "FORCED_OPEN"])
  }
}
