import DeptopConfiguration
import DeptopJVM
import DeptopModel
import DeptopTestSupport
import Testing

@Suite(.timeLimit(.minutes(1))) struct ActuatorClientTests {
  private func error(_ work: () async throws(JVMError) -> Void) async -> JVMError? {
    do throws(JVMError) {
      try await work()
      return nil
    } catch {
      return error
    }
  }

  @Test(arguments: [
    ("CLOSED", BreakerState.closed), ("OPEN", .open), ("HALF_OPEN", .halfOpen), ("FORCED_OPEN", .forcedOpen),
    ("DISABLED", .disabled), ("METRICS_ONLY", .disabled),
  ])
  func `every state of Resilience4j has a word`(word: String, state: BreakerState) async throws {
    let actuator = try ScriptedActuator(["pay": word])
    let breaker = try #require(try await ActuatorClient(settings: actuator.settings).circuitBreakers().first)
    #expect(breaker.state == state && breaker.notPermitted == 7 && breaker.failureRatio == 0.125)
    #expect((breaker.note != nil) == (word == "METRICS_ONLY"))
  }

  @Test func `a state that is not known leaves that breaker out alone`() async throws {
    let actuator = try ScriptedActuator(["pay": "MELTED", "ship": "CLOSED"])
    #expect(try await ActuatorClient(settings: actuator.settings).circuitBreakers().map(\.name) == ["ship"])
  }

  @Test(arguments: [("-1.0%", nil), ("0.0%", 0), ("100.0%", 1), ("NaN%", nil), ("101%", nil), ("50", nil), ("", nil)])
  func `a rate below the minimum number of calls is not known`(text: String, ratio: Double?) async throws {
    let actuator = try ScriptedActuator(["pay": "CLOSED"], failureRate: text)
    #expect(try await ActuatorClient(settings: actuator.settings).circuitBreakers().first?.failureRatio == ratio)
  }

  @Test(arguments: [
    (BreakerState.closed, "CLOSED"), (.forcedOpen, "FORCED_OPEN"), (.disabled, "DISABLED"),
  ])
  func `a breaker is put into each state that is offered`(state: BreakerState, word: String) async throws {
    let actuator = try ScriptedActuator(["pay now": "OPEN", "ship": "OPEN"])
    #expect(try await ActuatorClient(settings: actuator.settings).put("pay now", into: state) == state)
    #expect(actuator.states == ["pay now": word, "ship": "OPEN"])
    #expect(actuator.server.requests.map(\.method) == ["GET", "POST"])
    #expect(actuator.server.requests.last?.path == "/actuator/circuitbreakers/pay%20now")
  }

  @Test func `a name that is not there is never sent, because the registry would make it`() async throws {
    let actuator = try ScriptedActuator(["pay": "OPEN"])
    let client = ActuatorClient(settings: actuator.settings)
    let error = await error { () throws(JVMError) in _ = try await client.put("pya", into: .closed) }
    #expect(error?.kind == .notFound)
    #expect(error?.sentence == "there is no circuit breaker \"pya\"; it has pay")
    #expect(actuator.states == ["pay": "OPEN"])
    #expect(!actuator.server.requests.contains { $0.method == "POST" })
  }

  @Test(arguments: [BreakerState.open, .halfOpen])
  func `a state without a command is never asked for`(state: BreakerState) async throws {
    let actuator = try ScriptedActuator(["pay": "CLOSED"])
    let client = ActuatorClient(settings: actuator.settings)
    let error = await error { () throws(JVMError) in _ = try await client.put("pay", into: state) }
    #expect(error?.kind == .refused)
    #expect(actuator.server.requests.isEmpty)
  }

  @Test func `an endpoint that is not exposed is told`() async throws {
    var settings = try ScriptedActuator([:]).settings
    let actuator = try ScriptedActuator([:])
    settings.url = actuator.server.url + "/manage"
    let client = ActuatorClient(settings: settings)
    let error = await error { () throws(JVMError) in _ = try await client.circuitBreakers() }
    #expect(error?.kind == .notFound && error?.isPermanent == true)
  }
}
