package import DeptopModel

/// A box in front of the screen that takes all keys until it is left.
package enum Dialog: Sendable, Hashable {
  /// The collector was asked for a plan and has not answered.
  case planRequested(PlanRequest, since: WallTime)
  case plan(PlanDialog)
  /// An action that this dashboard follows; what is known of it is in ``DashboardState/followed``.
  case running(ActionID)
  /// How an action ended; stays until it is dismissed.
  case verdict(ActionStatus)
  /// Why something cannot be done.
  case refusal(title: String, text: String)

  /// The dependency that it is about; nil for one that is about none.
  package var dependency: DependencyID? {
    switch self {
    case .planRequested(let request, _): request.dependency
    case .plan(let dialog): dialog.plan.request.dependency
    case .verdict(let status): status.dependency
    case .running, .refusal: nil
    }
  }
}

/// A plan in front of the operator, and how far the confirmation is.
package struct PlanDialog: Sendable, Hashable {
  package var plan: Plan
  package var shownAt: WallTime
  package var focus: Focus
  package var reason: TextField
  package var typedName = TextField()
  /// True when the host asks for a reason in words.
  package var needsReason: Bool
  /// True after the confirmation, until the collector answers: a second confirmation changes nothing.
  package var isStarting = false
  /// Why the last key did nothing; nil when it did something.
  package var hint: String?

  /// What takes the next character.
  package enum Focus: Sendable, Hashable {
    /// Nothing: keys confirm or leave.
    case confirmation
    case reason
    case name
  }

  /// A confirmation that comes sooner after the plan was meant for something else.
  static let shortestReading = Duration.milliseconds(300)

  package init(_ plan: Plan, shownAt: WallTime, needsReason: Bool = false) {
    self.plan = plan
    self.shownAt = shownAt
    self.needsReason = needsReason
    reason = TextField(plan.request.reason ?? "")
    focus = plan.confirmation == .typeName ? .name : .confirmation
  }
}
