import DeptopScreen

/// Draws at random, with many wide characters, partly outside the canvas.
struct RandomDrawing {
  var generator: SeededGenerator
  private let texts = ["a", "xyz", "漢字", "a漢b", "🚀", "é漢é漢é", " ", "─█", "漢漢漢漢漢漢", "\u{1B}[m"]
  private let cells = [Cell.blank, Cell("#"), Cell("字", width: 2)]

  init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

  mutating func canvas(columns: Int, rows: Int) -> Canvas {
    var canvas = Canvas(size: Size(columns: columns, rows: rows))
    scribble(on: &canvas, times: 30)
    return canvas
  }

  mutating func scribble(on canvas: inout Canvas, times: Int) {
    for _ in 0..<times {
      let column = Int.random(in: -3...canvas.size.columns, using: &generator)
      let row = Int.random(in: -1...canvas.size.rows, using: &generator)
      let style = Style(foreground: .indexed(UInt8.random(in: 1...3, using: &generator)))
      let width = Int.random(in: 0...9, using: &generator)
      let rect = Rect(column: column, row: row, columns: width, rows: 2)
      switch Int.random(in: 0...9, using: &generator) {
      case 0: canvas.restyle(rect) { _ in style }
      case 1:
        var cell = cells[Int.random(in: 0..<cells.count, using: &generator)]
        cell.style = style
        canvas.fill(rect, with: cell)
      default:
        let text = texts[Int.random(in: 0..<texts.count, using: &generator)]
        canvas.put(text, at: rect.origin, style: style, limit: Bool.random(using: &generator) ? .max : width)
      }
    }
  }
}
