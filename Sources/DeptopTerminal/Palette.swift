import DeptopScreen

/// How a colour is numbered on a terminal of a certain depth.
struct Palette: Sendable, Hashable {
  let depth: ColorDepth

  /// The number of a colour; -1 is the terminal's own, which also stands for what the depth cannot show.
  func number(for color: Color) -> Int32 {
    switch color {
    case .terminal: -1
    case .indexed(let index): number(forIndex: index)
    case .rgb(let value): number(forRGB: value & 0xff_ffff)
    }
  }

  private func number(forIndex index: UInt8) -> Int32 {
    switch depth {
    case .mono: -1
    case .ansi8: index < 16 ? Int32(index % 8) : -1
    case .ansi16: index < 16 ? Int32(index) : -1
    case .indexed256: Int32(index)
    // The first eight numbers are the palette's, all others are values.
    case .trueColor: index < 8 ? Int32(index) : Int32(max(8, Palette.rgb(ofIndex: index)))
    }
  }

  private func number(forRGB value: UInt32) -> Int32 {
    switch depth {
    case .mono, .ansi8, .ansi16: -1
    case .indexed256: Int32(Palette.nearestIndex(to: value))
    case .trueColor: Int32(max(8, value))
    }
  }

  /// The levels of red, green and blue in the 6×6×6 cube of the 256-colour palette.
  private static let levels: [UInt32] = [0, 95, 135, 175, 215, 255]

  /// The usual value of an index, 8 and up, in the 256-colour palette.
  static func rgb(ofIndex index: UInt8) -> UInt32 {
    switch index {
    case 232...:
      return (8 + UInt32(index - 232) * 10) * 0x01_0101
    case 16...:
      let cube = Int(index) - 16
      return levels[cube / 36] << 16 | levels[cube / 6 % 6] << 8 | levels[cube % 6]
    case 8: return 0x7f_7f7f
    default:
      let bits = UInt32(index % 8)
      return (bits & 1) * 0xff_0000 | (bits >> 1 & 1) * 0xff00 | (bits >> 2 & 1) * 0xff
    }
  }

  /// The index, 16 and up, that looks most like a value.
  static func nearestIndex(to value: UInt32) -> UInt8 {
    let parts = [value >> 16 & 0xff, value >> 8 & 0xff, value & 0xff]
    let steps = parts.map { part in
      levels.indices.min { distance(levels[$0], part) < distance(levels[$1], part) } ?? 0
    }
    let cube = UInt8(16 + 36 * steps[0] + 6 * steps[1] + steps[2])
    let mean = (parts[0] + parts[1] + parts[2]) / 3
    let gray = UInt8(232 + min(23, mean < 8 ? 0 : (mean - 3) / 10))
    return distance(rgb(ofIndex: gray), from: parts) < distance(rgb(ofIndex: cube), from: parts) ? gray : cube
  }

  private static func distance(_ one: UInt32, _ other: UInt32) -> UInt32 {
    let difference = one > other ? one - other : other - one
    return difference * difference
  }

  private static func distance(_ value: UInt32, from parts: [UInt32]) -> UInt32 {
    distance(value >> 16 & 0xff, parts[0]) + distance(value >> 8 & 0xff, parts[1]) + distance(value & 0xff, parts[2])
  }
}
