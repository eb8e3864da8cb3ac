package import DeptopKernel
package import DeptopModel
internal import Synchronization

/// A privileged side without privileges: it keeps what was asked, and allows only what was announced, once.
package final class RepairBench: HostAccess {
  /// One step that was asked for, by the cookies it was asked for.
  package struct Request: Sendable, Hashable {
    package var step: RepairStep
    package var plan: PlanID
    package var cookies: [UInt64]
  }

  private struct Use: Hashable {
    var plan: PlanID
    var cookie: UInt64
  }

  private struct State {
    var abilities: Result<HostAbilities, HostAccessError>
    var questions = 0
    var plans: [PlanID: RepairPlan] = [:]
    var used: Set<Use> = []
    var requests: [Request] = []
    var userTimeouts: [UInt64: Int32] = [:]
    var keepalives: [UInt64: Int32] = [:]
    var refusals: [UInt64: String] = [:]
    var gone: Set<UInt64> = []
    var error: HostAccessError?
    var lostAnswers: [RepairStep: Bool] = [:]
  }

  private let state: Mutex<State>
  private let onRepair: @Sendable (RepairStep, [UInt64]) -> Void

  /// - Parameters:
  ///   - abilities: What it says that it can do.
  ///   - onRepair: Called for what a step was carried out on.
  package init(
    abilities: Result<HostAbilities, HostAccessError> = .success(HostAbilities(missing: [:])),
    onRepair: @escaping @Sendable (RepairStep, [UInt64]) -> Void = { _, _ in }
  ) {
    state = Mutex(State(abilities: abilities))
    self.onRepair = onRepair
  }

  /// How often it was asked for its abilities.
  package var questions: Int { state.withLock(\.questions) }
  package var requests: [Request] { state.withLock(\.requests) }
  package var plans: [PlanID: RepairPlan] { state.withLock(\.plans) }
  /// TCP_USER_TIMEOUT in milliseconds, and keepalive idle time in seconds, as they are set now; 0 for off.
  package func userTimeout(of cookie: UInt64) -> Int32 { state.withLock { $0.userTimeouts[cookie] ?? 0 } }
  package func keepalive(of cookie: UInt64) -> Int32 { state.withLock { $0.keepalives[cookie] ?? 0 } }

  package func presetUserTimeout(_ milliseconds: Int32, of cookie: UInt64) {
    state.withLock { $0.userTimeouts[cookie] = milliseconds }
  }

  package func presetKeepalive(_ seconds: Int32, of cookie: UInt64) {
    state.withLock { $0.keepalives[cookie] = seconds }
  }

  /// Leaves one alone from now on.
  package func refuse(_ cookie: UInt64, _ reason: String) { state.withLock { $0.refusals[cookie] = reason } }
  package func lose(_ cookie: UInt64) { state.withLock { _ = $0.gone.insert(cookie) } }
  /// Answers everything with an error from now on; nil ends that.
  package func fail(_ error: HostAccessError?) { state.withLock { $0.error = error } }

  /// Answers no request for a step from now on, whether it is carried out or not.
  package func loseAnswers(to step: RepairStep, isCarriedOut: Bool) {
    state.withLock { $0.lostAnswers[step] = isCarriedOut }
  }

  /// Forgets the plans, and answers again.
  package func restart() {
    state.withLock { state in
      state.plans = [:]
      state.used = []
      state.error = nil
      state.lostAnswers = [:]
    }
  }

  package func abilities() throws(HostAccessError) -> HostAbilities {
    try state.withLock { state throws(HostAccessError) in
      state.questions += 1
      return try state.abilities.get()
    }
  }

  package func announce(_ plan: RepairPlan) throws(HostAccessError) {
    try state.withLock { state throws(HostAccessError) in
      if let error = state.error { throw error }
      guard plan.life <= .seconds(600) else { throw .refused("a plan lives for 600 s at the most") }
      guard Set(plan.sockets.map(\.socket.cookie)).count == plan.sockets.count else {
        throw .refused("a socket is in the plan twice")
      }
      guard state.plans.updateValue(plan, forKey: plan.plan) == nil else {
        throw .refused("plan \(plan.plan) was announced before")
      }
    }
  }

  package func repair(
    _ step: RepairStep, plan: PlanID, cookies: [UInt64]
  ) throws(HostAccessError) -> [RepairOutcome] {
    let (outcomes, isLost) = try state.withLock { state throws(HostAccessError) -> ([RepairOutcome], Bool) in
      if let error = state.error { throw error }
      state.requests.append(Request(step: step, plan: plan, cookies: cookies))
      let isCarriedOut = state.lostAnswers[step]
      if isCarriedOut == false { throw RepairBench.lost }
      return (cookies.map { RepairBench.outcome(of: step, plan, $0, &state) }, isCarriedOut == true)
    }
    let treated = zip(cookies, outcomes).filter { if case .done = $0.1 { true } else { false } }.map(\.0)
    if !treated.isEmpty { onRepair(step, treated) }
    if isLost { throw RepairBench.lost }
    return outcomes
  }

  private static let lost = HostAccessError.broken("it does not answer in time")

  private static func outcome(
    of step: RepairStep, _ plan: PlanID, _ cookie: UInt64, _ state: inout State
  ) -> RepairOutcome {
    guard let target = state.plans[plan]?.sockets.first(where: { $0.socket.cookie == cookie }),
      target.treatment == step.treatment
    else { return .refused("it was not announced") }
    guard state.used.insert(Use(plan: plan, cookie: cookie)).inserted else { return .refused("it was done before") }
    if let reason = state.refusals[cookie] { return .refused(reason) }
    if state.gone.contains(cookie) { return .gone }
    switch step {
    case .destroy:
      state.gone.insert(cookie)
      return .done(before: 0)
    case .keepalive(let idle, _, _):
      return .done(before: state.keepalives.updateValue(idle, forKey: cookie) ?? 0)
    case .userTimeout(let milliseconds):
      return .done(before: state.userTimeouts.updateValue(milliseconds, forKey: cookie) ?? 0)
    case .discoveryOff: return .done(before: 0)
    }
  }
}

extension RepairBench {
  private static let beyond = HostAccessError.refused("only repairs are played here")

  package func namespaces() throws(HostAccessError) -> [NamespaceRecord] { throw RepairBench.beyond }
  package func openSocket(_ kind: NamespaceSocket, in namespace: NamespaceID) throws(HostAccessError) -> Int32 {
    throw RepairBench.beyond
  }
  package func owners(of inodes: [UInt32]) throws(HostAccessError) -> [UInt32: SocketOwner] { throw RepairBench.beyond }
  package func text(of file: ProcessFile, process: Int32) throws(HostAccessError) -> [UInt8]? {
    throw RepairBench.beyond
  }
  package func settings(of namespace: NamespaceID) throws(HostAccessError) -> [KernelSetting: Int64] {
    throw RepairBench.beyond
  }
  package func translations(
    of ends: [SocketEnds], in namespace: NamespaceID
  ) throws(HostAccessError) -> [SocketAddress?] { throw RepairBench.beyond }
}

extension RepairStep {
  fileprivate var treatment: SocketTreatment {
    switch self {
    case .destroy: .destroy
    case .keepalive: .keepalive
    case .userTimeout: .userTimeout
    case .discoveryOff: .discoveryOff
    }
  }
}
