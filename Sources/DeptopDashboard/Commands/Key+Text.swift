package import DeptopScreen

extension Key {
  /// The key as help and key bar call it: `D`, `Enter`, `ctrl-l`, `F3`.
  package func label(_ glyphs: Glyphs) -> String {
    let isASCII = glyphs.ellipsis.isASCII
    return switch self {
    case .character(" "): "Space"
    case .character(let character): String(character)
    case .up: isASCII ? "Up" : "↑"
    case .down: isASCII ? "Down" : "↓"
    case .left: isASCII ? "Left" : "←"
    case .right: isASCII ? "Right" : "→"
    case .home: "Home"
    case .end: "End"
    case .pageUp: "PgUp"
    case .pageDown: "PgDn"
    case .enter: "Enter"
    case .escape: "Esc"
    case .tab: "Tab"
    case .backTab: "S-Tab"
    case .backspace: "Backspace"
    case .delete: "Del"
    case .function(let number): "F\(number)"
    case .control(let character): "ctrl-\(character)"
    }
  }
}

extension KeyBinding {
  /// All keys of the binding: `j ↓`.
  package func keysText(_ glyphs: Glyphs) -> String {
    keys.map { $0.label(glyphs) }.joined(separator: " ")
  }
}
