package import DeptopModel
package import DeptopWire

/// What the program has to do because of an input; the dashboard itself does nothing but compute.
package enum Effect: Sendable, Hashable {
  case quit
  /// Send every cell again.
  case redraw
  case requestPlan(PlanRequest)
  case execute(PlanID, reason: String?)
  case abort(ActionID)
  /// Send details of this dependency until another is asked for or they are stopped.
  case requestDetail(DependencyID)
  case stopDetail
  case requestAudit
  /// Put text on the clipboard.
  case copy(String)
  case useTheme(String)
  /// Ask this of the lab.
  case lab(LabRequest)
}
