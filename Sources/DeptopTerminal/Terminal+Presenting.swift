import CCurses
package import DeptopScreen

extension Terminal {
  /// Bytes that the terminal has not taken yet.
  package var pendingBytes: Int { output.count }

  /// Shows a canvas, now or, when the terminal has not taken the last frame yet, as soon as it has.
  ///
  /// A canvas that waits is replaced by the next: a slow link gets fewer frames, never a queue. The canvas is cut at
  /// the terminal's size; where it is smaller the screen is empty.
  package mutating func present(_ canvas: Canvas) {
    wanted = canvas
    isStale = true
    drawIfPossible()
  }

  /// Draws the last canvas from nothing, in case something else wrote to the terminal.
  package mutating func redraw() {
    ccurses_repaint()
    compactor?.forget()
    isStale = wanted != nil
    drawIfPossible()
  }

  /// Shows the cursor at a place, for text input, or hides it; takes effect with the next canvas.
  package mutating func placeCursor(at position: Position?) { cursor = position }

  /// Asks the terminal to put a text on the clipboard.
  ///
  /// - Returns: whether it was asked: the terminal must be of a kind known to understand or to ignore the request, and
  ///   the text no longer than 64 KiB. Whether it agrees is not told.
  package mutating func copyToClipboard(_ text: String) -> Bool {
    guard let request = ClipboardRequest(text, type: type.used, hasCapability: screen.hasClipboard) else {
      return false
    }
    output.append(request.bytes)
    output.flush(to: line.descriptor)
    return true
  }

  mutating func drawIfPossible() {
    output.flush(to: line.descriptor)
    guard isStale, output.isEmpty, !isEnded, let canvas = wanted else { return }
    isStale = false
    painter.paint(canvas)
    if let cursor, cursor.row >= 0, cursor.column >= 0, cursor.row < size.rows, cursor.column < size.columns {
      ccurses_place_cursor(Int32(cursor.row), Int32(cursor.column))
    } else {
      ccurses_place_cursor(-1, 0)
    }
    ccurses_update()
    let frame = capture.take()
    output.append(compactor?.compact(frame) ?? frame)
    output.flush(to: line.descriptor)
  }
}
