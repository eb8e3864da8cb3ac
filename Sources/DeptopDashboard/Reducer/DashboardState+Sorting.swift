internal import DeptopModel
internal import DeptopScreen

extension DashboardState {
  /// True where the sort keys are about the connections of one dependency.
  var sortsSockets: Bool {
    if case .detail = screen { true } else { false }
  }

  mutating func openSortMenu() {
    sortMenu =
      sortsSockets
      ? SocketOrder.Column.allCases.firstIndex(of: socketOrder.column) ?? 0
      : ColumnID.sortable.firstIndex(of: sort.column) ?? 0
  }

  mutating func invertSort() {
    if sortsSockets { socketOrder.isDescending.toggle() } else { sort.isDescending.toggle() }
  }

  /// Sorts by a column, or turns the order when it is sorted by it already.
  mutating func sort(by column: ColumnID) {
    if sort.column == column { sort.isDescending.toggle() } else { sort = SortOrder(column) }
  }

  mutating func pressInSortMenu(_ key: Key) -> [Effect] {
    guard let index = sortMenu else { return [] }
    let last = (sortsSockets ? SocketOrder.Column.allCases.count : ColumnID.sortable.count) - 1
    switch key {
    case .up, .character("k"): sortMenu = max(0, index - 1)
    case .down, .character("j"): sortMenu = min(last, index + 1)
    case .home, .character("g"): sortMenu = 0
    case .end, .character("G"): sortMenu = last
    case .enter:
      sortMenu = nil
      choose(index.clamped(to: 0...last))
    case .character("I"): invertSort()
    case .escape, .character("q"), .character("s"), .function(6): sortMenu = nil
    default: break
    }
    return []
  }

  private mutating func choose(_ entry: Int) {
    if sortsSockets {
      socketOrder.choose(SocketOrder.Column.allCases[entry])
    } else {
      sort(by: ColumnID.sortable[entry])
    }
  }
}
