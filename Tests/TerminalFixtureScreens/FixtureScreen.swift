package import DeptopScreen

/// What the fixture draws; the same values make the same canvas in the fixture and in its tests.
package struct FixtureScreen: Sendable, Hashable {
  package enum Content: Sendable, Hashable {
    case table, wide, heat, mosaic
  }

  package var content = Content.table
  /// Chooses the table's numbers.
  package var seed = 1
  /// Seconds that the clock shows.
  package var clock = 0
  package var status = "ready"
  /// The row that is selected.
  package var selection = 0

  package init() {}

  /// Draws everything on a canvas.
  package func canvas(_ size: Size) -> Canvas {
    var canvas = Canvas(size: size)
    switch content {
    case .table: drawTable(&canvas)
    case .wide: drawWide(&canvas)
    case .heat: drawHeat(&canvas)
    case .mosaic: drawMosaic(&canvas)
    }
    let bar = Style(foreground: .indexed(0), background: .indexed(6))
    canvas.fill(Rect(column: 0, row: 0, columns: size.columns, rows: 1), with: Cell(" ", style: bar))
    canvas.put("deptop fixture", at: Position(column: 1, row: 0), style: bar)
    canvas.put(clockText, at: Position(column: max(16, size.columns - 9), row: 0), style: bar)
    canvas.put(status, at: Position(column: 0, row: size.rows - 1), style: .plain)
    return canvas
  }

  package var clockText: String {
    [clock / 3600 % 24, clock / 60 % 60, clock % 60].map { $0 < 10 ? "0\($0)" : "\($0)" }.joined(separator: ":")
  }

  private func drawTable(_ canvas: inout Canvas) {
    let severities: [(String, Style)] = [
      ("✖", Style(foreground: .indexed(1), attributes: .bold)), ("▲", Style(foreground: .indexed(3))),
      ("●", Style(foreground: .indexed(2))), ("○", Style(foreground: .indexed(8), attributes: .dim)),
    ]
    for row in 1..<max(1, canvas.size.rows - 1) {
      let value = mixed(row)
      let (glyph, style) = severities[value % severities.count]
      canvas.put(glyph, at: Position(column: 1, row: row), style: style)
      canvas.put("dependency-\(row)", at: Position(column: 3, row: row), style: .plain)
      canvas.put("\(value % 1000)", at: Position(column: 20, row: row), style: .plain)
      let full = value % 11
      let bar = String(repeating: "█", count: full) + String(repeating: "░", count: 10 - full)
      canvas.put(bar, at: Position(column: 26, row: row), style: style)
      canvas.put("\(value % 97).\(value % 10)ms", at: Position(column: 40, row: row), style: .plain)
      canvas.put("source \(row % 7)", at: Position(column: 60, row: row), style: Style(attributes: .italic))
    }
    let selected = Rect(column: 0, row: 1 + selection, columns: canvas.size.columns, rows: 1)
    canvas.restyle(selected) { Style(foreground: $0.foreground, attributes: $0.attributes.union(.reverse)) }
  }

  private func mixed(_ row: Int) -> Int {
    var value = UInt64(row) &* 0x9e37_79b9_7f4a_7c15 &+ UInt64(seed) &* 0xbf58_476d_1ce4_e5b9
    value ^= value >> 29
    value = value &* 0x94d0_49bb_1331_11eb
    return Int(value >> 33)
  }

  private func drawWide(_ canvas: inout Canvas) {
    let lines = ["名前 接続 遅延", "a漢b字c", "e\u{301}tat: caf\u{e9}", "│┌─┐└┘├┤┬┴┼", "🙂 ok", "한국어 테스트"]
    for (index, line) in lines.enumerated() {
      canvas.put(line, at: Position(column: 2 + seed % 2, row: 2 + index), style: Style(foreground: .indexed(4)))
    }
    canvas.put("漢", at: Position(column: canvas.size.columns - 2, row: 1), style: .plain)
    canvas.put("x漢", at: Position(column: canvas.size.columns - 2, row: 2), style: .plain)
  }

  /// Every pair of eight colours, more than a terminal of eight colours keeps.
  private func drawMosaic(_ canvas: inout Canvas) {
    let colors = [Color.terminal] + (0..<8).map { Color.indexed($0) }
    for row in 1..<max(1, canvas.size.rows - 1) {
      for column in 0..<canvas.size.columns {
        let style = Style(foreground: colors[column % 9], background: colors[row % 9])
        canvas.put("x", at: Position(column: column, row: row), style: style)
      }
    }
  }

  private func drawHeat(_ canvas: inout Canvas) {
    for row in 1..<max(1, canvas.size.rows - 1) {
      for column in 0..<canvas.size.columns {
        let value = UInt32((column * 5 + seed * 16) & 0xff) << 16 | UInt32((row * 9) & 0xff) << 8 | 0x40
        let style = Style(foreground: .rgb(0xff_ffff), background: .rgb(value))
        canvas.put(column % 4 == 0 ? "▒" : " ", at: Position(column: column, row: row), style: style)
      }
    }
  }
}
