package import DeptopConfiguration
internal import DeptopJVM
package import DeptopModel

/// Puts the Resilience4j circuit breakers of one Spring Boot application into a state, through its actuator.
///
/// The actuator knows three commands. It makes a breaker of any name that it is told of, so that the name is looked
/// up before each of them.
package final class ActuatorControl: ControlPlane {
  /// A breaker of this application, by the dependency that it protects.
  private let breakers: [DependencyID: String]
  private let settings: ActuatorSettings
  private let client: ActuatorClient

  /// A control plane for one actuator and the dependencies that refer to it; opens nothing yet.
  package init(settings: ActuatorSettings, dependencies: [DependencySettings]) {
    self.settings = settings
    breakers = Dictionary(
      dependencies.compactMap { dependency in
        guard let entry = dependency.actuator, entry.instance == settings.name else { return nil }
        return (dependency.id, entry.breaker)
      }, uniquingKeysWith: { first, _ in first })
    client = ActuatorClient(settings: settings)
  }

  /// One control plane for each actuator in the settings.
  package static func instances(in settings: Settings) -> [any ControlPlane] {
    settings.actuators.map { ActuatorControl(settings: $0, dependencies: settings.dependencies) }
  }

  package var dependencies: [DependencyID] { breakers.keys.sorted() }

  package func offers(for detail: DependencyDetail) -> [ActionOffer] {
    let reason = reasonAgainst(detail.dependency)
    return ActionVerb.native.map { verb in
      guard verb == .breaker else { return ActionOffer(verb: verb, unavailable: Self.breakersOnly) }
      return ActionOffer(
        verb: verb, unavailable: reason, breakerStates: reason == nil ? BreakerState.actuatorStates : nil)
    }
  }

  package func prepare(
    _ request: PlanRequest, for detail: DependencyDetail
  ) async throws(ControlError) -> Preparation {
    let name = try breaker(of: request.dependency)
    let state = try wantedState(request)
    let breaker = try await read(name)
    guard breaker.state != state else {
      throw .refused("circuit breaker \"\(name)\" of \"\(settings.name)\" is \(state.rawValue) already")
    }
    return Preparation(
      targets: [],
      clients: [PlanClient(name: settings.name, source: .actuator(settings.name), dependency: name)],
      lines: BreakerOutlook(breaker: breaker, wanted: state, client: settings.name).lines,
      confirmation: state == .closed ? .key : .typeName, drainTimeout: settings.timeout)
  }

  package func obstacle(to plan: Plan) async throws(ControlError) -> Obstacle? { nil }

  package func execute(_ plan: Plan) async throws(ControlError) -> String {
    let name = try breaker(of: plan.request.dependency)
    let wanted = try wantedState(plan.request)
    // A connection of its own: nothing that waits on the other one can delay it.
    let client = ActuatorClient(settings: settings)
    let state: BreakerState
    do throws(JVMError) {
      state = try await client.put(name, into: wanted)
    } catch {
      if error.kind == .notFound { throw .refused("actuator at \(error)") }
      let doubt = error.isUncertain ? "; whether it was carried out is not known" : ""
      throw .failed("actuator at \(error)\(doubt)")
    }
    guard state == wanted else {
      throw .failed("circuit breaker \"\(name)\" is \(state.rawValue) and not \(wanted.rawValue) after the command")
    }
    return "put circuit breaker \"\(name)\" into \(wanted.rawValue) by actuator at \(client.place)"
  }

  package func remaining(of plan: Plan) async throws(ControlError) -> Remaining {
    let name = try breaker(of: plan.request.dependency)
    let wanted = try wantedState(plan.request)
    let state = try await read(name).state
    let note = state == wanted ? nil : "circuit breaker \"\(name)\" is \(state.rawValue)"
    return Remaining(connections: 0, inUse: 0, note: note)
  }
}

extension ActuatorControl {
  private static let breakersOnly = "an actuator changes circuit breakers and no connections"

  private func breaker(of dependency: DependencyID) throws(ControlError) -> String {
    guard let breaker = breakers[dependency] else {
      throw .refused("no circuit breaker of actuator \"\(settings.name)\" is configured for \(dependency)")
    }
    return breaker
  }

  /// The state that a request asks for, when the actuator can bring it about.
  private func wantedState(_ request: PlanRequest) throws(ControlError) -> BreakerState {
    guard request.verb == .breaker else { throw .refused(Self.breakersOnly) }
    if let client = request.client, client != settings.name {
      throw .refused("\"\(client)\" is another client: this circuit breaker is in \"\(settings.name)\"")
    }
    let words = BreakerState.actuatorStates.map(\.rawValue)
    guard let state = request.breaker else {
      throw .refused("a state is missing: the actuator offers \(words.joined(separator: ", "))")
    }
    guard state.actuatorCommand != nil else {
      throw .refused("cannot \(BreakerOutlook.unofferedText(state)); it offers \(words.joined(separator: ", "))")
    }
    return state
  }

  private func read(_ name: String) async throws(ControlError) -> CircuitBreaker {
    let breakers: [CircuitBreaker]
    do throws(JVMError) {
      breakers = try await client.circuitBreakers()
    } catch {
      throw .failed("actuator at \(error)")
    }
    guard let breaker = breakers.first(where: { $0.name == name }) else {
      throw .refused("actuator at \(client.place): \(ActuatorClient.unknown(name, breakers.map(\.name)))")
    }
    return breaker
  }

  /// Why nothing can be done for a dependency as it is read now; nil when something can.
  private func reasonAgainst(_ dependency: Dependency) -> String? {
    let source = SourceID.actuator(settings.name)
    guard let name = breakers[dependency.id] else { return "no actuator is configured for it" }
    if let silent = dependency.silentSources.first(where: { $0.source == source }) {
      return "actuator \"\(settings.name)\" does not answer: \(silent.reason)"
    }
    guard dependency.breakers.contains(where: { $0.source == source }) else {
      return "actuator \"\(settings.name)\" has not reported circuit breaker \"\(name)\""
    }
    return nil
  }
}
