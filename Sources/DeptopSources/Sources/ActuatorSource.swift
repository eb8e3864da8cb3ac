package import DeptopConfiguration
internal import DeptopJVM
package import DeptopModel

/// The Resilience4j circuit breakers of one Spring Boot application, through its actuator.
///
/// A breaker that a dependency names is read as that dependency's, every other one under its own name.
package final class ActuatorSource: Source {
  package static let kind = "actuator"

  package let id: SourceID
  private let settings: ActuatorSettings
  private let members: [DependencySettings]
  private let client: ActuatorClient

  /// A source for one actuator and the dependencies that refer to it; opens nothing yet.
  package init(settings: ActuatorSettings, dependencies: [DependencySettings]) {
    id = .actuator(settings.name)
    self.settings = settings
    members = dependencies.filter { $0.actuator?.instance == settings.name }
    client = ActuatorClient(settings: settings)
  }

  package static func instances(in settings: Settings, on host: HostSurroundings) -> [any Source] {
    settings.actuators.map { ActuatorSource(settings: $0, dependencies: settings.dependencies) }
  }

  package static func isSame(in old: Settings, and new: Settings) -> Bool {
    old.actuators == new.actuators && old.dependencies == new.dependencies
  }

  package var schedule: Schedule { Schedule(interval: settings.interval, timeout: settings.timeout) }
  package var dependencies: [DependencyID] { members.map(\.id) }

  package func poll() async throws(SourceError) -> [Observation] {
    let breakers: [CircuitBreaker]
    do throws(JVMError) {
      breakers = try await client.circuitBreakers()
    } catch {
      throw error.isPermanent ? .permanent("actuator at \(error)") : .transient("actuator at \(error)")
    }
    try refuseIfAbsent(breakers)
    return breakers.flatMap(observations)
  }

  private func observations(of breaker: CircuitBreaker) -> [Observation] {
    let assigned = members.filter { $0.actuator?.breaker == breaker.name }
    let reports =
      assigned.isEmpty ? [ClientReport(name: DisplayText.clean(breaker.name, limit: 255))] : assigned.map { $0.report }
    return reports.map { empty in
      var client = empty
      client.breaker = breaker.reported
      return .client(ClientObservation(client: ClientIdentity(name: settings.name), report: client))
    }
  }

  /// Fails when there is no breaker, or none of those that dependencies name.
  private func refuseIfAbsent(_ breakers: [CircuitBreaker]) throws(SourceError) {
    let names = Set(breakers.map(\.name))
    let absent = members.compactMap { $0.actuator?.breaker }.filter { !names.contains($0) }
    if breakers.isEmpty, members.isEmpty { throw .noData("actuator at \(client.place) lists no circuit breaker") }
    guard let first = absent.first, absent.count == members.count else { return }
    // A breaker appears with its first call.
    throw .transient("actuator at \(client.place): \(ActuatorClient.unknown(first, names.sorted()))")
  }
}

extension CircuitBreaker {
  /// The breaker as a client reports one.
  fileprivate var reported: ReportedBreaker {
    var breaker = ReportedBreaker(name: DisplayText.clean(name, limit: 255), state: state, reason: note)
    breaker.notPermitted = notPermitted
    breaker.failureRatio = failureRatio
    return breaker
  }
}
