internal import DeptopModel
internal import DeptopScreen

extension OverviewColumn {
  /// The sign of the level.
  static let mark = OverviewColumn(.worst, title: "", width: 1...1, priority: 100) { context, _ in
    CellText(context.dependency.level.mark(context.glyphs), context.dependency.level.role)
  }

  static let name = OverviewColumn(.name, title: "DEPENDENCY", width: 12...16, weight: 3, priority: 99) { context, _ in
    let role: Role = context.isMatch ? .match : context.dependency.level == .critical ? .critical : .text
    let name = context.dependency.id.shown
    return CellText(name.isEmpty ? "(no name)" : name, role)
  }

  static let kind = OverviewColumn(.kind, title: "KIND", width: 8...9, weight: 1, priority: 42) { context, _ in
    context.dependency.kind.map { CellText($0.shown, .muted) } ?? context.missing
  }
}
