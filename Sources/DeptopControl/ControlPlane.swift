package import DeptopModel

/// How an action is done on one real system.
///
/// A control plane says what a verb would do, does it, and reports how far it got. Rights, pre-flight,
/// confirmation, time limits, verification on the kernel's peers, verdict and audit belong to the action
/// engine. Nothing is changed by any call but ``execute(_:)``, ``execute(_:step:now:)`` and ``abandon(_:now:)``.
package protocol ControlPlane: Sendable {
  /// The dependencies that it can act on.
  var dependencies: [DependencyID] { get }

  /// What is possible on a dependency as it is read now, and why the rest is not; one entry for each verb.
  func offers(for detail: DependencyDetail) -> [ActionOffer]

  /// Reads the system and answers exactly what the request would do to which connections.
  ///
  /// - Throws: ``ControlError/refused(_:)`` when the system cannot do what was asked.
  func prepare(_ request: PlanRequest, for detail: DependencyDetail) async throws(ControlError) -> Preparation

  /// What has to pass before ``execute(_:)`` has the effect that the plan promises; nil when nothing has.
  func obstacle(to plan: Plan) async throws(ControlError) -> Obstacle?

  /// Does it, and answers one sentence on what was done. Called once for each execution of a plan.
  func execute(_ plan: Plan) async throws(ControlError) -> String

  /// Does one step of it, for a system that deptop itself has to pace: from 0 until the answer says that it was the
  /// last. The pause in between, in which the action can be aborted, is the engine's.
  ///
  /// It is handed the dependency as it is read now; nil when there is none any more.
  func execute(_ plan: Plan, step: Int, now: DependencyDetail?) async throws(ControlError) -> StepReport

  /// Puts back what was meant for the time of the action only, when that ends before its last step; answers one
  /// sentence on what was put back, nil when there was nothing.
  func abandon(_ plan: Plan, now: DependencyDetail?) async throws(ControlError) -> String?

  /// How many of the plan's connections the system still holds.
  func remaining(of plan: Plan) async throws(ControlError) -> Remaining

  /// How far the plan's end is reached, read from the dependency before and now; nil leaves that to the engine, which
  /// asks whether every planned connection is gone and new ones go where they should.
  func judgement(of plan: Plan, before: DependencyDetail?, now: DependencyDetail?) -> Judgement?
}

extension ControlPlane {
  package func execute(_ plan: Plan, step: Int, now: DependencyDetail?) async throws(ControlError) -> StepReport {
    StepReport(text: try await execute(plan), pause: nil)
  }

  package func abandon(_ plan: Plan, now: DependencyDetail?) async throws(ControlError) -> String? { nil }

  package func judgement(of plan: Plan, before: DependencyDetail?, now: DependencyDetail?) -> Judgement? { nil }
}

/// What one step of a plan did.
package struct StepReport: Sendable, Hashable {
  /// One sentence for the operator.
  package var text: String
  /// How long to wait before the next step; nil when this was the last.
  package var pause: Duration?
  /// How far it is, after a step that did something; nil after one that only looked.
  package var progress: StepProgress?
  /// Why no more is done though not all is; nil when nothing speaks against it.
  package var stop: String?

  package init(text: String, pause: Duration?, progress: StepProgress? = nil, stop: String? = nil) {
    self.text = text
    self.pause = pause
    self.progress = progress
    self.stop = stop
  }
}

/// How far a plan is that goes step by step.
package struct StepProgress: Sendable, Hashable, CustomStringConvertible {
  /// Connections that are done, of all in the plan.
  package var done: Int
  package var total: Int
  /// Connections that were begun by the latest step.
  package var begun: Int

  package init(done: Int, total: Int, begun: Int = 0) {
    self.done = done
    self.total = total
    self.begun = begun
  }

  /// `4 of 16`.
  package var extent: String { "\(done) of \(total)" }
  /// `4 of 16 done, 2 more begun`.
  package var description: String { "\(extent) done" + (begun > 0 ? ", \(begun) more begun" : "") }
}

/// How far a plan's own end is reached.
package struct Judgement: Sendable, Hashable {
  /// Connections that are not yet as they should be.
  package var left: Int
  /// True when the action has come to its end, well or not: nothing more will change.
  package var isSettled: Bool
  /// The readings that matter, before and now.
  package var comparisons: [Comparison]
  /// What is not cured for good, what was left alone, and why.
  package var notes: [String]

  package init(left: Int, isSettled: Bool, comparisons: [Comparison], notes: [String]) {
    self.left = left
    self.isSettled = isSettled
    self.comparisons = comparisons
    self.notes = notes
  }
}

/// What a control plane would do for a request.
package struct Preparation: Sendable, Hashable {
  /// The connections that are replaced, each as the kernel and the pool know it.
  package var targets: [PlanTarget]
  /// The clients that are told to act; empty for a system that has no clients of its own.
  package var clients: [PlanClient]
  /// What the operator has to read, without pre-flight and command line, which the engine adds.
  package var lines: [PlanLine]
  package var confirmation: Plan.Confirmation
  /// How long connections in use are waited for.
  package var drainTimeout: Duration
  /// Steps that it is expected to take; nil when all is told at once, so that it cannot stop in between.
  package var steps: Int?
  /// True when it waits by itself until no old answer of a name is used any more.
  package var awaitsNames = false

  package init(
    targets: [PlanTarget], clients: [PlanClient] = [], lines: [PlanLine], confirmation: Plan.Confirmation,
    drainTimeout: Duration, steps: Int? = nil
  ) {
    self.targets = targets
    self.clients = clients
    self.lines = lines
    self.confirmation = confirmation
    self.drainTimeout = drainTimeout
    self.steps = steps
  }
}

/// Something that an action has to wait for.
package struct Obstacle: Sendable, Hashable {
  /// How long it will still take.
  package var remaining: Duration
  /// One sentence for the operator.
  package var reason: String

  package init(remaining: Duration, reason: String) {
    self.remaining = remaining
    self.reason = reason
  }
}

/// How much of an action is left to do, in the system's own words.
package struct Remaining: Sendable, Hashable {
  /// Connections of the plan that are still held.
  package var connections: Int
  /// Those of them that are in use.
  package var inUse: Int
  /// What they are waited for, as one sentence; nil when nothing is left.
  package var note: String?

  package init(connections: Int, inUse: Int, note: String?) {
    self.connections = connections
    self.inUse = inUse
    self.note = note
  }
}

/// Why a control plane does not act.
package enum ControlError: Error, Hashable, CustomStringConvertible {
  /// The system does not offer it, or it cannot cure: the operator reads the sentence.
  case refused(String)
  /// The system did not answer, or answered with an error.
  case failed(String)

  package var description: String {
    switch self {
    case .refused(let reason), .failed(let reason): reason
    }
  }
}
