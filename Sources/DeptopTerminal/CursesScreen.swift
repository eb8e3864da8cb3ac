import CCurses

/// The one open ncurses screen of the process, freed at the end of its life.
struct CursesScreen: ~Copyable {
  let type: TerminalType

  /// Opens the first terminal type that loads.
  ///
  /// - Throws: ``TerminalError/noUsableType(requested:tried:)``.
  init(environment: TerminalEnvironment, input: CInt, output: CInt) throws(TerminalError) {
    let candidates = TerminalType.candidates(in: environment)
    let requested = environment.type.map(TerminalType.printable)
    guard let used = candidates.first(where: { unsafe ccurses_open($0, input, output) }) else {
      throw .noUsableType(requested: requested, tried: candidates)
    }
    type = TerminalType(requested: requested, used: used)
    for (sequence, key) in KeySequences.common { unsafe ccurses_define_key(sequence, key) }
  }

  deinit { ccurses_close() }

  /// What takes a terminal of so many rows over and gives it back.
  func modes(rows: Int) -> TerminalModes {
    TerminalModes(scrollRegion: CursesScreen.scrollRegion(rows: rows), capability: CursesScreen.capability)
  }

  /// What shortens the frames of this terminal type, nil when it does not speak ECMA-48.
  func compactor() -> FrameCompactor? { FrameCompactor(capability: CursesScreen.capability) }

  /// Whether the terminal type says how to reach the clipboard.
  var hasClipboard: Bool { CursesScreen.capability("Ms") != nil }

  /// A string capability of the open screen's terminal type, without padding.
  private static func capability(_ name: String) -> String? {
    guard let value = unsafe ccurses_string(name) else { return nil }
    return TerminalModes.withoutPadding(unsafe String(cString: value))
  }

  /// The sequence that scrolls the whole screen again, empty when the type has none.
  private static func scrollRegion(rows: Int) -> String {
    let bytes = unsafe [CChar](unsafeUninitializedCapacity: 64) { buffer, count in
      count = unsafe ccurses_scroll_region(Int32(rows), buffer.baseAddress, buffer.count)
    }
    return TerminalModes.withoutPadding(String(decoding: bytes.map { UInt8(bitPattern: $0) }, as: UTF8.self))
  }
}
