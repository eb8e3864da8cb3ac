internal import DeptopModel
internal import DeptopScreen

/// Makes the panels of one dependency.
struct DetailSheet: Sendable {
  let scene: Scene
  /// With all pools where the details have arrived; the overview's may be summed.
  let dependency: Dependency
  /// nil until the collector has sent it.
  let detail: DependencyDetail?

  init(_ scene: Scene, _ dependency: Dependency) {
    self.scene = scene
    detail = scene.state.detail.flatMap { $0.dependency.id == dependency.id ? $0 : nil }
    self.dependency = detail?.dependency ?? dependency
  }

  var glyphs: Glyphs { scene.glyphs }
  var missing: CellText { CellText(String(glyphs.missing), .muted) }

  func text(_ duration: Duration?, _ role: Role = .text) -> CellText {
    duration.map { CellText($0.text(glyphs), role) } ?? missing
  }

  /// A panel of lines, or one line where there is none.
  func panel(_ title: String, _ lines: [StyledLine], none: String) -> Panel {
    Panel(title, lines: lines.isEmpty ? [StyledLine(none, .muted)] : lines, glyphs)
  }

  /// What a silent source hides.
  func silence(of source: SourceID?) -> StyledLine? {
    guard let silent = dependency.silence(of: source) else { return nil }
    let next = silent.nextAttemptAt.map { ", next try \(due($0, scene.now))" } ?? ""
    return StyledLine(
      "stale \((scene.now - silent.since).age): \(silent.source.shown): \(sanitized(silent.reason))\(next)", .stale)
  }
}
