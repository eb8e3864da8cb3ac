package import DeptopModel
package import DeptopScreen
package import DeptopWire

/// Something that happened and that the dashboard may have to react to.
package enum DashboardInput: Sendable, Hashable {
  case key(Key)
  /// Text from the terminal's clipboard: taken where text is typed, and never read as keys.
  case pasted(String)
  case resized(Size)
  /// Time has passed; notices end and arming runs out.
  case tick
  /// The snapshot that comes with this input is a new one.
  case snapshotReceived
  case detailReceived(DependencyDetail)
  case detailFailed(DependencyID, reason: String)
  /// Newest first.
  case auditReceived([AuditEntry])
  case auditFailed(reason: String)
  case planReceived(Plan)
  /// The collector, or the lack of one, answered a request for a plan with a refusal.
  case planRefused(PlanRequest, reason: String)
  /// A plan is being executed, by this dashboard.
  case actionStarted(ActionStatus)
  /// The collector refused to execute a plan.
  case actionRefused(PlanID, reason: String)
  case actionUpdated(ActionStatus)
  case abortRefused(ActionID, reason: String)
  case linkChanged(LinkState)
  /// The collector is of another version; nil takes the remark away.
  case versionNoticed(String?)
  /// Something that the program has to tell.
  case noticed(String, Notice.Kind)
  /// Themes to choose from, after the operator's own were found.
  case themesChanged([String], current: String)
  /// The lab plays another scenario, or the scenario has come further.
  case sceneChanged(LabScene)
  /// The lab cannot play this scenario on this host.
  case scenarioLeftOut(String, reason: String)
  /// The lab is gone, for this reason.
  case labEnded(reason: String)
}
