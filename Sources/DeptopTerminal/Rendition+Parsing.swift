extension Rendition {
  /// One number of a sequence; empty ones count as 0, and a colon ties a number to the one before.
  private struct Parameter {
    var value = 0
    var isTied = false
  }

  /// Applies the parameters of an SGR sequence; false, and nothing certain, when one of them is not known.
  mutating func apply(_ parameters: ArraySlice<UInt8>) -> Bool {
    var rest = Rendition.numbers(in: parameters)[...]
    while let first = rest.popFirst() {
      switch first.value {
      case 38, 48:
        guard let color = Rendition.extendedColor(&rest) else { return false }
        if first.value == 38 { foreground = color } else { background = color }
      case let code:
        guard apply(code) else { return false }
      }
    }
    return true
  }

  private mutating func apply(_ code: Int) -> Bool {
    switch code {
    case 0: self = .plain
    // The primary font: what some entries send to leave the line-drawing characters, which are never entered.
    case 10: break
    case 1...5, 7...9:
      for (flag, number) in Flags.codes where number == code { flags.insert(flag) }
    case 22: flags.subtract(.intensity)
    case 23...25, 27...29:
      for (flag, number) in Flags.codes where number + 20 == code { flags.remove(flag) }
    case 30...37: foreground = .basic(UInt8(code - 30))
    case 39: foreground = .standard
    case 40...47: background = .basic(UInt8(code - 40))
    case 49: background = .standard
    case 90...97: foreground = .basic(UInt8(code - 82))
    case 100...107: background = .basic(UInt8(code - 92))
    default: return false
    }
    return true
  }

  private static func numbers(in bytes: ArraySlice<UInt8>) -> [Parameter] {
    var numbers = [Parameter()]
    for byte in bytes {
      switch byte {
      case UInt8(ascii: ";"): numbers.append(Parameter())
      case UInt8(ascii: ":"): numbers.append(Parameter(isTied: true))
      default: numbers[numbers.count - 1].value = numbers[numbers.count - 1].value * 10 + Int(byte & 15)
      }
    }
    return numbers
  }

  private static func extendedColor(_ rest: inout ArraySlice<Parameter>) -> Color? {
    let isTied = rest.first?.isTied ?? false
    let tied = rest.prefix { $0.isTied }.count
    let form: DirectForm = !isTied ? .semicolons : tied > 4 ? .colonsWithSpace : .colons
    switch rest.popFirst()?.value {
    case 5:
      guard let index = rest.popFirst().flatMap({ UInt8(exactly: $0.value) }) else { return nil }
      return .indexed(index)
    case 2:
      if form == .colonsWithSpace { rest = rest.dropFirst() }
      let parts = rest.prefix(3)
      guard parts.count == 3, parts.allSatisfy({ $0.value < 256 }) else { return nil }
      rest = rest.dropFirst(3)
      return .direct(parts.reduce(0) { $0 << 8 | UInt32($1.value) }, form)
    default: return nil
    }
  }
}
