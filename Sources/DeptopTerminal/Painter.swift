import CCurses
import DeptopScreen
import Glibc

/// Hands the cells that changed since the last canvas to ncurses.
struct Painter {
  private var pairs: ColorPairs
  private var shown: Canvas?
  private var size: Size
  private var lastStyle: (style: Style, attributes: UInt32, pair: Int32) = (.plain, 0, 0)

  init(depth: ColorDepth, pairLimit: Int32, size: Size) {
    pairs = ColorPairs(palette: Palette(depth: depth), limit: pairLimit)
    self.size = size
  }

  /// Forgets what is on the screen; the next canvas is drawn whole.
  mutating func forget(size: Size) {
    self.size = size
    shown = nil
    ccurses_erase()
  }

  /// Stages a canvas, cut at the terminal's size; where it is smaller the screen stays empty.
  ///
  /// Complexity: one comparison for each cell, and the conversion of those that changed.
  mutating func paint(_ canvas: Canvas) {
    if let old = shown, old.size == canvas.size {
      if !stage(canvas, over: old) { repaint(canvas) }
    } else {
      if shown != nil { ccurses_erase() }
      if !stage(canvas, over: Canvas(size: canvas.size)) { repaint(canvas) }
    }
    shown = canvas
  }

  /// Starts over with an empty set of pairs when the old ones took up all there are.
  private mutating func repaint(_ canvas: Canvas) {
    pairs.forgetAll()
    lastStyle = (.plain, 0, 0)
    ccurses_erase()
    _ = stage(canvas, over: Canvas(size: canvas.size))
  }

  /// Answers false when colour pairs ran out; the cells that came too late are in the default colours then.
  private mutating func stage(_ canvas: Canvas, over old: Canvas) -> Bool {
    let before = old.cells
    let after = canvas.cells
    let columns = min(canvas.size.columns, size.columns)
    var hasPairs = true
    for row in 0..<min(canvas.size.rows, size.rows) {
      let start = row * canvas.size.columns
      if Painter.areIdentical(before, after, start..<start + columns) { continue }
      for column in 0..<columns where before[start + column] != after[start + column] {
        // A wide character is drawn by its left half, so a change of one half concerns the other.
        let pulls = column > 0 && (before[start + column - 1].width == 2 || after[start + column - 1].width == 2)
        let pushes = column + 1 < columns && (before[start + column].width == 2 || after[start + column].width == 2)
        for place in (pulls ? column - 1 : column)...(pushes ? column + 1 : column) {
          hasPairs = put(after, start: start, column: place, columns: columns, row: row) && hasPairs
        }
      }
    }
    return hasPairs
  }

  /// Whether cells are the same bit by bit, which is quick to see and true for most rows of most frames.
  ///
  /// Equal cells may differ in bits; those are compared one by one then.
  private static func areIdentical(_ one: [Cell], _ other: [Cell], _ range: Range<Int>) -> Bool {
    let stride = MemoryLayout<Cell>.stride
    return unsafe one.withUnsafeBytes { one in
      unsafe other.withUnsafeBytes { other in
        guard let first = one.baseAddress, let second = other.baseAddress else { return true }
        return unsafe memcmp(
          first + range.lowerBound * stride, second + range.lowerBound * stride, range.count * stride)
          == 0
      }
    }
  }

  private mutating func put(_ cells: [Cell], start: Int, column: Int, columns: Int, row: Int) -> Bool {
    let cell = cells[start + column]
    if cell.width == 0, column > 0, cells[start + column - 1].width == 2 { return true }
    let hasPair = resolve(cell.style)
    let isWhole = cell.width == 1 || cell.width == 2 && column + 1 < columns && cells[start + column + 1].width == 0
    if isWhole, let scalar = cell.text?.asciiValue, cell.width == 1 {
      send(Glyph(scalar: UInt32(scalar)), row, column)
    } else if isWhole, let text = cell.text {
      let glyph = Glyph(text, columns: Int(cell.width), width: ccurses_width)
      send(glyph, row, column)
      if cell.width == 2, glyph.columns == 1 { send(.space, row, column + 1) }
    } else {
      send(.space, row, column)
    }
    return hasPair
  }

  private func send(_ glyph: Glyph, _ row: Int, _ column: Int) {
    unsafe glyph.scalars.span.withUnsafeBufferPointer { scalars in
      unsafe ccurses_put(
        Int32(row), Int32(column), scalars.baseAddress, glyph.count, lastStyle.attributes, lastStyle.pair)
    }
  }

  private mutating func resolve(_ style: Style) -> Bool {
    if style == lastStyle.style { return true }
    let pair = pairs.pair(for: style)
    lastStyle = (style, UInt32(style.attributes.rawValue), pair ?? 0)
    return pair != nil
  }
}
