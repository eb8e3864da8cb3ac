internal import DeptopBlocking
package import DeptopKernel
package import DeptopModel
internal import Synchronization

/// Repairs connections in the kernel, without the help of the process that holds them.
///
/// It acts on whatever the kernel's table lists, so that it is tied to no configured dependency. What needs a
/// capability is done by the privileged side, which recognizes each socket anew before it touches it.
package final class SocketControl: ControlPlane {
  /// How long what the privileged side can do is taken for granted.
  package static let meansLife = Duration.seconds(10)

  private struct State {
    var means = SocketMeans.unasked
    var askedAt: ContinuousClock.Instant?
    var progress: [PlanID: SocketProgress] = [:]
  }

  /// Shared with calls that are still on their way when the control plane is gone.
  private final class Shared: Sendable {
    let state = Mutex(State())
  }

  private let shared = Shared()
  let access: SocketAccess
  /// A factor for each pause between two closings.
  private let jitter: @Sendable () -> Double

  /// A control plane that has asked nothing yet.
  ///
  /// - Parameters:
  ///   - access: The privileged side.
  ///   - jitter: The factor of each pause, so that many hosts do not close in step.
  package init(
    access: any HostAccess, jitter: @escaping @Sendable () -> Double = { Double.random(in: 0.5...1.5) }
  ) {
    self.access = SocketAccess(access, thread: BlockingThread())
    self.jitter = jitter
  }

  /// None are configured: it can act on every dependency that has connections.
  package var dependencies: [DependencyID] { [] }

  package func offers(for detail: DependencyDetail) -> [ActionOffer] { offers(for: detail.dependency) }

  /// What can be repaired, from counts alone; asks the privileged side now and then, without waiting for it.
  package func offers(for dependency: Dependency) -> [ActionOffer] {
    SocketOffers.offers(for: dependency, means: currentMeans())
  }

  /// Asks what the privileged side can do, and waits for the answer.
  package func refresh() async {
    let means = await access.means()
    shared.state.withLock {
      $0.means = means
      $0.askedAt = .now
    }
  }

  private func currentMeans() -> SocketMeans {
    let now = ContinuousClock.now
    let (means, isDue) = shared.state.withLock { state in
      let isDue = state.askedAt.map { now - $0 >= SocketControl.meansLife } ?? true
      if isDue { state.askedAt = now }
      return (state.means, isDue)
    }
    if isDue {
      access.askMeans { [shared] means in shared.state.withLock { $0.means = means } }
    }
    return means
  }

  package func prepare(
    _ request: PlanRequest, for detail: DependencyDetail
  ) async throws(ControlError) -> Preparation {
    await refresh()
    let means = shared.state.withLock(\.means)
    let method = request.repair ?? .prove
    guard let offer = SocketOffers.offers(for: detail.dependency, means: means).first else {
      throw .refused("the kernel's table has not been read for \(detail.dependency.id) yet")
    }
    if let reason = offer.repairs?.first(where: { $0.method == method })?.unavailable { throw .refused(reason) }
    let selection = SocketSelection(request, in: detail, means: means.selection)
    if let reason = selection.reasonAgainst(request) { throw .refused(reason) }
    let lines = SocketPlanLines(request: request, selection: selection, detail: detail, means: means)
    let living = selection.targets.count { !$0.isDead }
    let size = SocketBatch.size(live: SocketTableView(detail, client: request.client).ready(without: []))
    return Preparation(
      targets: selection.targets, lines: lines.lines, confirmation: lines.confirmation,
      drainTimeout: selection.proofTime, steps: method == .close ? max(1, (living + size - 1) / size) : 1)
  }

  package func obstacle(to plan: Plan) async throws(ControlError) -> Obstacle? { nil }

  package func execute(_ plan: Plan) async throws(ControlError) -> String {
    throw .refused("a repair is carried out step by step")
  }

  package func execute(_ plan: Plan, step: Int, now: DependencyDetail?) async throws(ControlError) -> StepReport {
    guard plan.request.repair == .close else { return try await treat(plan, step: step, now: now) }
    return try await close(plan, step: step, now: now)
  }

  package func abandon(_ plan: Plan, now: DependencyDetail?) async throws(ControlError) -> String? {
    guard let progress = progress(of: plan), !progress.isFinished else { return nil }
    let text = try await putBack(plan, now: now, isAbandoned: true)
    update(plan) { $0.isFinished = true }
    return text
  }

  package func remaining(of plan: Plan) async throws(ControlError) -> Remaining {
    let progress = progress(of: plan) ?? SocketProgress()
    let left = plan.targets.filter { !progress.isHandled($0.cookieNumber) }
    return Remaining(
      connections: left.count, inUse: left.count { $0.isActive },
      note: left.isEmpty ? nil : "\(left.count) not treated yet")
  }

  package func judgement(of plan: Plan, before: DependencyDetail?, now: DependencyDetail?) -> Judgement? {
    SocketOutcome(plan: plan, progress: progress(of: plan) ?? SocketProgress(), before: before, now: now).judgement
  }
}

extension SocketControl {
  func progress(of plan: Plan) -> SocketProgress? { shared.state.withLock { $0.progress[plan.id] } }

  /// Notes what was done; forgets plans that have ended when there are many.
  @discardableResult
  func update<Value: Sendable>(_ plan: Plan, _ change: (inout SocketProgress) -> Value) -> Value {
    shared.state.withLock { state in
      if state.progress.count >= 200 { state.progress = state.progress.filter { !$0.value.isFinished } }
      return change(&state.progress[plan.id, default: SocketProgress()])
    }
  }

  /// The pause before the next closing.
  var pause: Duration { SocketPace.look * min(1.5, max(0.5, jitter())) }
}
