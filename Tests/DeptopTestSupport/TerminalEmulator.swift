package import DeptopScreen

/// Enough of a terminal to know what a program put on the screen and which modes it set.
///
/// Understands what ncurses sends for xterm, tmux, screen, linux and VT100 entries. What it does not understand is
/// listed in ``unknown``, so that a test cannot pass on a wrong picture.
package struct TerminalEmulator: Sendable {
  package internal(set) var size: Size
  /// Row by row, `size.columns` cells each.
  package internal(set) var cells: [Cell]
  package internal(set) var cursor = Position(column: 0, row: 0)
  /// What the next character is written with.
  package internal(set) var style = Style.plain
  package internal(set) var isAlternateScreen = false
  package internal(set) var isCursorVisible = true
  /// Whether the keypad sends its own codes (DECKPAM).
  package internal(set) var isKeypadApplication = false
  /// Private modes that are set, but for the cursor, autowrap and the alternate screen.
  package internal(set) var modes: Set<Int> = []
  /// First and last row that scroll, the last one included.
  package internal(set) var scrollRegion: ClosedRange<Int>
  /// Base64 text of the last request to fill the clipboard.
  package internal(set) var clipboard: String?
  /// Sequences that were not understood.
  package internal(set) var unknown: [String] = []
  /// How often the whole screen was erased.
  package internal(set) var clearCount = 0

  var mainScreen: (cells: [Cell], cursor: Position)?
  var savedCursor = (position: Position(column: 0, row: 0), style: Style.plain)
  /// The last column was written; the next character goes to the next row.
  var isWrapPending = false
  var usesLineDrawing = (first: false, second: false, isSecond: false)
  var lastCharacter: Unicode.Scalar = " "
  var parser = EscapeParser()

  package init(size: Size) {
    self.size = size
    cells = Array(repeating: .blank, count: size.columns * size.rows)
    scrollRegion = 0...(size.rows - 1)
  }

  /// The rows as text, without blanks at their end.
  package var screen: [String] {
    (0..<size.rows).map { row in
      let text = cells[row * size.columns..<(row + 1) * size.columns].compactMap(\.text)
      return String(text[..<((text.lastIndex { $0 != " " } ?? -1) + 1)])
    }
  }

  package subscript(column: Int, row: Int) -> Cell { cells[row * size.columns + column] }

  /// Whether a text is somewhere on the screen, within one row.
  package func shows(_ text: String) -> Bool { screen.contains { $0.contains(text) } }

  /// Takes what a program wrote; sequences and characters may be cut anywhere.
  package mutating func feed(_ bytes: some Sequence<UInt8>) {
    for byte in bytes {
      if let token = parser.accept(byte) { handle(token) }
    }
  }

  /// Changes the size as xterm does: content stays at the top left.
  package mutating func resize(to new: Size) {
    cells = resized(cells, to: new)
    if let main = mainScreen { mainScreen = (resized(main.cells, to: new), main.cursor) }
    size = new
    scrollRegion = 0...(new.rows - 1)
    cursor = Position(column: min(cursor.column, new.columns - 1), row: min(cursor.row, new.rows - 1))
    isWrapPending = false
  }

  private func resized(_ old: [Cell], to new: Size) -> [Cell] {
    var grid = Array(repeating: Cell.blank, count: new.columns * new.rows)
    for row in 0..<min(size.rows, new.rows) {
      for column in 0..<min(size.columns, new.columns) {
        grid[row * new.columns + column] = old[row * size.columns + column]
      }
    }
    return grid
  }

  private mutating func handle(_ token: EscapeParser.Token) {
    switch token {
    case .character(let scalar): write(scalar)
    case .control(let byte): control(byte)
    case .escape(let intermediate, let final): escape(intermediate, final)
    case .sequence(let sequence): self.sequence(sequence)
    case .command(let text):
      if text.hasPrefix("52;c;") { clipboard = String(text.dropFirst(5)) }
    case .unknown(let text): unknown.append(text)
    }
  }
}
