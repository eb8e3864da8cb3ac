/// Takes the detours out of ncurses' changes of colour and attributes.
///
/// ncurses resets everything for each change of an attribute and at the end of each frame, in several sequences. Here
/// they only move a wanted state; what leads the terminal there is sent in its shortest form when a character is about
/// to show it, also across frames. Everything else passes as it is.
struct FrameCompactor {
  private let canUnset: Bool
  /// What the terminal writes with, nil when not known.
  private var actual: Rendition?
  private var wanted = Rendition.plain
  private var isAfterBlank = false

  /// Nil for a terminal that is not spoken to in ECMA-48.
  ///
  /// - Parameter capability: a string capability by its terminfo name.
  init?(capability: (String) -> String?) {
    func isStandard(_ name: String, _ allowed: [String]) -> Bool { capability(name).map(allowed.contains) ?? true }
    guard let reset = capability("sgr0"), reset.contains("\u{1b}[m") || reset.contains("\u{1b}[0"),
      isStandard("op", ["\u{1b}[39;49m"]), isStandard("bold", ["\u{1b}[1m"]), isStandard("rev", ["\u{1b}[7m"])
    else { return nil }
    canUnset = capability("rmul") == "\u{1b}[24m"
  }

  /// Assumes nothing about the terminal any more, as something else may have written to it.
  mutating func forget() { actual = nil }

  /// Rewrites the bytes of one frame.
  mutating func compact(_ frame: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(frame.count)
    var index = 0
    while index < frame.count {
      let byte = frame[index]
      switch byte {
      case 0x1b:
        index = copyEscape(at: index, of: frame, to: &result)
        continue
      // Back to the first character set, which is never left.
      case 0x0f: break
      case 0x0a:
        reach(for: .erasure, in: &result)
        result.append(byte)
      case 0..<0x20: result.append(byte)
      default:
        index = copyCharacter(at: index, of: frame, to: &result)
        continue
      }
      index += 1
    }
    return result
  }

  private enum Purpose {
    case text, blank, erasure
  }

  /// Sends what is missing for the next characters to look as wanted.
  private mutating func reach(for purpose: Purpose, in result: inout [UInt8]) {
    if let actual {
      if actual == wanted { return }
      switch purpose {
      case .text: break
      case .blank: if actual.looksSameOnBlank(as: wanted) { return }
      case .erasure: if actual.background == wanted.background { return }
      }
    }
    result += wanted.sequence(from: actual, canUnset: canUnset)
    actual = wanted
  }

  /// Copies a character and answers the index after it.
  private mutating func copyCharacter(at start: Int, of frame: [UInt8], to result: inout [UInt8]) -> Int {
    isAfterBlank = frame[start] == 0x20
    reach(for: isAfterBlank ? .blank : .text, in: &result)
    var end = start + 1
    while end < frame.count, frame[end] & 0xc0 == 0x80 { end += 1 }
    result += frame[start..<end]
    return end
  }

  /// Handles the sequence at an index and answers the index after it.
  private mutating func copyEscape(at start: Int, of frame: [UInt8], to result: inout [UInt8]) -> Int {
    guard start + 1 < frame.count else {
      result.append(frame[start])
      return frame.count
    }
    switch frame[start + 1] {
    case UInt8(ascii: "["):
      let end = frame[(start + 2)...].firstIndex { (0x40...0x7e).contains($0) } ?? frame.count - 1
      copyControl(frame[start...end], to: &result)
      return end + 1
    case UInt8(ascii: "(") where start + 2 < frame.count && frame[start + 2] == UInt8(ascii: "B"):
      return start + 3
    default:
      // Reverse line feed and its like may scroll.
      reach(for: .erasure, in: &result)
      let end = frame[(start + 1)...].firstIndex { !(0x20...0x2f).contains($0) } ?? frame.count - 1
      result += frame[start...end]
      return end + 1
    }
  }

  private mutating func copyControl(_ control: ArraySlice<UInt8>, to result: inout [UInt8]) {
    let parameters = control.dropFirst(2).dropLast()
    switch control.last {
    case UInt8(ascii: "m"):
      if wanted.apply(parameters) { return }
      // Not understood: the terminal gets it, and everything anew after that.
      wanted = .plain
      forget()
    case UInt8(ascii: "b"):
      reach(for: isAfterBlank ? .blank : .text, in: &result)
    case let final? where "JKXP@LMST".utf8.contains(final):
      reach(for: .erasure, in: &result)
    default: break
    }
    result += control
  }
}
