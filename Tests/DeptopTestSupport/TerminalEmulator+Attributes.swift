import DeptopScreen

extension TerminalEmulator {
  mutating func setAttributes(_ parameters: [String]) {
    var rest = (parameters.isEmpty ? ["0"] : parameters)[...]
    while let parameter = rest.popFirst() {
      let parts = parameter.split(separator: ":", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
      if parts.count > 1 {
        setColor(parts[0], parts.dropFirst().first == 5 ? .indexed(UInt8(parts[2])) : color(of: parts.suffix(3)))
      } else if parts[0] == 38 || parts[0] == 48 {
        setColor(parts[0], takeColor(&rest))
      } else {
        setAttribute(parts[0])
      }
    }
  }

  private func color(of parts: ArraySlice<Int>) -> Color {
    .rgb(parts.reduce(0) { $0 << 8 | UInt32($1) })
  }

  private func takeColor(_ rest: inout ArraySlice<String>) -> Color {
    let kind = rest.popFirst()
    let count = kind == "5" ? 1 : 3
    let parts = rest.prefix(count).map { Int($0) ?? 0 }
    rest = rest.dropFirst(count)
    return kind == "5" ? .indexed(UInt8(parts.first ?? 0)) : color(of: parts[...])
  }

  private mutating func setColor(_ code: Int, _ color: Color) {
    if code == 38 { style.foreground = color } else { style.background = color }
  }

  private mutating func setAttribute(_ code: Int) {
    switch code {
    case 0: style = .plain
    case 1: style.attributes.insert(.bold)
    case 2: style.attributes.insert(.dim)
    case 3: style.attributes.insert(.italic)
    case 4: style.attributes.insert(.underline)
    case 7: style.attributes.insert(.reverse)
    case 22: style.attributes.subtract([.bold, .dim])
    case 23: style.attributes.remove(.italic)
    case 24: style.attributes.remove(.underline)
    case 27: style.attributes.remove(.reverse)
    case 30...37: style.foreground = .indexed(UInt8(code - 30))
    case 39: style.foreground = .terminal
    case 40...47: style.background = .indexed(UInt8(code - 40))
    case 49: style.background = .terminal
    case 90...97: style.foreground = .indexed(UInt8(code - 82))
    case 100...107: style.background = .indexed(UInt8(code - 92))
    case 10: break
    default: unknown.append("attribute \(code)")
    }
  }
}
