internal import DeptopModel
internal import DeptopScreen

/// One column of the overview: how wide, how important, and what stands in it.
struct OverviewColumn: Sendable {
  let id: ColumnID
  /// Unique among the columns of one table.
  let key: String
  let column: TableColumn
  /// The text and its role in the given number of columns.
  let cell: @Sendable (CellContext, Int) -> CellText

  init(
    _ id: ColumnID, key: String? = nil, title: String, width: ClosedRange<Int>, weight: Int = 0,
    alignment: Alignment = .left, priority: Int, cell: @escaping @Sendable (CellContext, Int) -> CellText
  ) {
    self.id = id
    self.key = key ?? id.rawValue
    self.cell = cell
    column = TableColumn(
      id: self.key, title: title, minimumWidth: width.lowerBound, idealWidth: width.upperBound, weight: weight,
      alignment: alignment, priority: priority)
  }

  /// The same column with another importance.
  func ranked(_ priority: Int) -> OverviewColumn {
    OverviewColumn(
      id, key: key, title: column.title, width: column.minimumWidth...column.idealWidth, weight: column.weight,
      alignment: column.alignment, priority: priority, cell: cell)
  }
}

/// What a cell is made from.
struct CellContext {
  var dependency: Dependency
  var now: WallTime
  var glyphs: Glyphs
  var trend: Trend?
  var isMatch = false

  /// What stands where a reading does not exist.
  var missing: CellText { CellText(String(glyphs.missing), .muted) }

  /// What stands for a reading whose source is silent; nil when it answers.
  func stale(_ source: SourceID?) -> CellText? {
    dependency.silence(of: source).map { CellText("stale \((now - $0.since).age)", .stale) }
  }
}

/// The text of a cell and what it means.
struct CellText: Sendable, Hashable {
  var text: String
  var role: Role

  init(_ text: String, _ role: Role = .text) {
    self.text = text
    self.role = role
  }
}
