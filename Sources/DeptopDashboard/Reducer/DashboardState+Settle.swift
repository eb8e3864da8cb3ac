internal import DeptopModel
internal import DeptopScreen

extension DashboardState {
  /// How long the first ctrl-c is remembered.
  private static let interruptTime = Duration.seconds(2)

  /// Brings everything that follows from something else up to date, after each input.
  mutating func settle(_ snapshot: Snapshot?, _ now: WallTime) {
    if let notice, notice.until <= now { self.notice = nil }
    if let at = interruptedAt, now - at > Self.interruptTime { interruptedAt = nil }
    if let until = armedUntil, until <= now {
      armedUntil = nil
      notify("ten minutes are over: read-only again", now)
    }
    showWaitingVerdict()
    guard let shown = shown(snapshot) else { return }
    holdRows(of: shown)
    let rows = rows(of: shown)
    keepSelection(in: rows, before: prepared)
    prepared = rows
    keepFindingSelected(in: shown)
    prepareLists(shown)
    keepInView(Scene(snapshot: shown, state: self, now: now))
  }

  private mutating func showWaitingVerdict() {
    guard dialog == nil, prompt == nil, sortMenu == nil, breakerMenu == nil, repairMenu == nil,
      let first = waitingVerdicts.first
    else { return }
    waitingVerdicts.removeFirst()
    show(.verdict(first))
  }

  /// Rows keep their places from the moment a dialog or the menu before it opens until it is left.
  private mutating func holdRows(of snapshot: Snapshot) {
    if dialog == nil, breakerMenu == nil, repairMenu == nil {
      heldOrder = nil
    } else if heldOrder == nil {
      heldOrder = (prepared ?? rows(of: snapshot)).rows.map(\.id)
    }
  }

  /// When the selected dependency is no longer shown, the one that took its place is selected; before the first key,
  /// the first.
  private mutating func keepSelection(in rows: PreparedSnapshot, before: PreparedSnapshot?) {
    guard !rows.rows.isEmpty else { return }
    if hasChosen, rows.row(of: selectedDependency) != nil { return }
    let place = hasChosen ? before?.row(of: selectedDependency) ?? 0 : 0
    selectedDependency = rows.rows[min(place, rows.rows.count - 1)].id
  }

  private mutating func keepFindingSelected(in snapshot: Snapshot) {
    guard let prepared, !prepared.findings.isEmpty else { return }
    let ids = prepared.findings.map { snapshot.findings[$0].id }
    if selectedFinding.map(ids.contains) != true { selectedFinding = ids.first }
  }

  private mutating func keepInView(_ scene: Scene) {
    offsets[screen] = Viewport(scene).offset
    dialogOffset = DialogContent(scene)?.clampedOffset ?? 0
  }

  mutating func show(_ dialog: Dialog) {
    self.dialog = dialog
    dialogOffset = 0
    prompt = nil
    sortMenu = nil
    breakerMenu = nil
    repairMenu = nil
  }
}
