internal import DeptopScreen

/// Where header, middle, the lab's caption and key bar are in a terminal of some size.
struct ScreenAreas {
  let header: Rect
  let body: Rect
  /// Without rows where there is no lab, or no room.
  let caption: Rect
  let bar: Rect

  init(_ state: DashboardState) {
    let size = state.size
    let isSmall = Self.isSmall(size)
    let caption = CaptionPanel(state)?.height ?? 0
    let rects = Layout(
      .vertical,
      [
        .fixed(isSmall ? 1 : 2), .flexible(minimum: size.rows > 3 ? 1 : 0), .fixed(caption),
        .fixed(size.rows > 2 ? 1 : 0),
      ]
    ).rects(in: Rect(column: 0, row: 0, columns: size.columns, rows: size.rows))
    (header, body, self.caption, bar) = (rects[0], rects[1], rects[2], rects[3])
  }

  /// True where one line has to do for the header, and a few columns for the table.
  static func isSmall(_ size: Size) -> Bool { size.columns < 60 || size.rows < 14 }
}
