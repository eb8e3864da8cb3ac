import DeptopConfiguration
import DeptopModel
import DeptopSources
import DeptopTestSupport
import Testing

@Suite(.timeLimit(.minutes(1))) struct ActuatorSourceTests {
  private func dependency(breaker: String) -> DependencySettings {
    var dependency = DependencySettings(name: "payments", host: "pay.lab", port: 443)
    dependency.actuator = ActuatorBreaker(instance: "orders", breaker: breaker)
    return dependency
  }

  private func reports(_ observations: [Observation]) -> [ClientReport] {
    observations.compactMap { observation in
      guard case .client(let client) = observation else { return nil }
      return client.report
    }
  }

  private func error(_ source: ActuatorSource) async -> SourceError? {
    do throws(SourceError) {
      _ = try await source.poll()
      return nil
    } catch {
      return error
    }
  }

  @Test func `a breaker is its dependency's, every other one has its own name`() async throws {
    let actuator = try ScriptedActuator(["pay": "OPEN", "ship": "CLOSED"], failureRate: "55.5%")
    let source = ActuatorSource(settings: actuator.settings, dependencies: [dependency(breaker: "pay")])
    #expect(source.id == "actuator/orders" && source.dependencies == ["payments"])
    let reports = reports(try await source.poll())
    #expect(reports.map(\.name) == ["payments", "ship"])
    let breaker = try #require(reports.first?.breaker)
    #expect(breaker.state == .open && breaker.name == "pay" && breaker.notPermitted == 7)
    #expect(breaker.failureRatio.map { abs($0 - 0.555) < 1e-9 } == true)
    #expect(reports.first?.port == 443 && reports.last?.port == nil && reports.first?.pool == nil)
  }

  @Test func `breakers that are not there are named`() async throws {
    let actuator = try ScriptedActuator(["pay": "OPEN"])
    let source = ActuatorSource(settings: actuator.settings, dependencies: [dependency(breaker: "pya")])
    guard case .transient(let reason)? = await error(source) else {
      Issue.record("no transient error")
      return
    }
    #expect(reason.hasSuffix("there is no circuit breaker \"pya\"; it has pay"))
  }

  @Test func `an application without breakers and dependencies has no data`() async throws {
    let actuator = try ScriptedActuator([:])
    guard case .noData? = await error(ActuatorSource(settings: actuator.settings, dependencies: [])) else {
      Issue.record("not told as no data")
      return
    }
  }

  @Test func `an endpoint that is not exposed is a person's to mend, one that does not answer is not`() async throws {
    let actuator = try ScriptedActuator([:])
    var settings = actuator.settings
    settings.url = actuator.server.url + "/manage"
    guard case .permanent? = await error(ActuatorSource(settings: settings, dependencies: [])) else {
      Issue.record("not permanent")
      return
    }
    settings.url = "http://127.0.0.1:\(try FreePort.tcp(on: [IPAddress(v4: 0x7f00_0001)]))/actuator"
    guard case .transient? = await error(ActuatorSource(settings: settings, dependencies: [])) else {
      Issue.record("not transient")
      return
    }
  }
}
