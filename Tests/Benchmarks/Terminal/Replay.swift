internal import DeptopScreen
internal import DeptopTestSupport

/// Shows what a session wrote on a screen, step by step.
struct Replay {
  private(set) var screen: TerminalEmulator

  init(size: Size) {
    screen = TerminalEmulator(size: size)
  }

  mutating func show(_ outputs: some Sequence<Output>) {
    for output in outputs { screen.feed(output.bytes) }
  }
}

extension TerminalEmulator {
  /// What the eye sees of each cell, all digits taken as the same one: a clock and counters go on moving.
  var steadyLook: [Cell] {
    cells.map { cell in
      if cell.text == " ", cell.style.attributes.isDisjoint(with: [.reverse, .underline]) {
        return Cell(" ", style: Style(background: cell.style.background))
      }
      guard let text = cell.text, text.isASCII, text.isNumber else { return cell }
      return Cell("0", style: cell.style)
    }
  }
}
