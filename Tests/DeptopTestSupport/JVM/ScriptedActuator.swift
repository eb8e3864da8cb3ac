package import DeptopConfiguration
internal import Synchronization

/// An actuator's circuit breakers, which makes one of every name that it is told of, as the real one does.
package final class ScriptedActuator: Sendable {
  private final class Registry: Sendable {
    let states: Mutex<[String: String]>

    init(_ states: [String: String]) { self.states = Mutex(states) }
  }

  package let server: ScriptedHTTPServer
  private let registry: Registry

  package init(_ states: [String: String], failureRate: String = "12.5%") throws {
    let registry = Registry(states)
    self.registry = registry
    server = try ScriptedHTTPServer.start { request in
      guard request.path.hasPrefix("/actuator/circuitbreakers") else { return .json("{}", status: 404) }
      if request.method == "GET" { return .json(Self.listing(registry, failureRate)) }
      return Self.change(registry, request)
    }
  }

  /// The breakers that there are now, with Resilience4j's words for their states.
  package var states: [String: String] { registry.states.withLock { $0 } }

  package var settings: ActuatorSettings {
    var settings = ActuatorSettings(name: "orders")
    settings.url = server.url + "/actuator"
    settings.timeout = .seconds(10)
    return settings
  }

  private static func listing(_ registry: Registry, _ failureRate: String) -> String {
    let entries = registry.states.withLock { $0 }.map { name, state in
      """
      "\(name)":{"failureRate":"\(failureRate)","slowCallRate":"-1.0%","failureRateThreshold":"50.0%",\
      "slowCallRateThreshold":"100.0%","bufferedCalls":8,"failedCalls":1,"slowCalls":0,"slowFailedCalls":0,\
      "notPermittedCalls":7,"state":"\(state)"}
      """
    }
    return "{\"circuitBreakers\":{\(entries.joined(separator: ","))}}"
  }

  private static func change(_ registry: Registry, _ request: ScriptedHTTPServer.Request) -> ScriptedHTTPServer.Answer {
    let name = String(request.path.dropFirst("/actuator/circuitbreakers/".count)).replacing("%20", with: " ")
    let commands = ["CLOSE": "CLOSED", "FORCE_OPEN": "FORCED_OPEN", "DISABLE": "DISABLED"]
    let body = String(decoding: request.body, as: UTF8.self)
    guard let command = commands.first(where: { body == "{\"updateState\":\"\($0.key)\"}" }) else {
      return .json("{}", status: 400)
    }
    registry.states.withLock { $0[name] = command.value }
    return .json(
      "{\"circuitBreakerName\":\"\(name)\",\"currentState\":\"\(command.value)\",\"message\":\"\"}")
  }
}
