internal import DeptopModel
internal import DeptopScreen

/// What panels are made from: one snapshot, one state, one moment.
struct Scene: Sendable {
  let snapshot: Snapshot
  let state: DashboardState
  /// What ages count to; stands still with the display.
  let now: WallTime
  /// The moment of drawing, whatever the display shows.
  let clockNow: WallTime
  let rows: PreparedSnapshot

  init(snapshot: Snapshot, state: DashboardState, now: WallTime) {
    self.snapshot = snapshot
    self.state = state
    self.now = state.frozen?.at ?? now
    clockNow = now
    rows = state.rows(of: snapshot)
  }

  var trends: [DependencyID: Trend] { state.frozen?.trends ?? state.trends }
  var glyphs: Glyphs { state.glyphs }
  var size: Size { state.size }

  func dependency(_ id: DependencyID) -> Dependency? {
    snapshot.place(of: id).map { snapshot.dependencies[$0] }
  }
}
