package import DeptopWire
internal import FoundationEssentials

/// Makes events out of a lab's standard output, however it was cut on the way.
package struct LabEventReader: Sendable {
  /// The longest line that is taken for an event, in bytes.
  package static let longestLine = 65_536

  /// What one line turned out to be.
  package enum Line: Sendable, Hashable {
    case event(LabEvent)
    /// A line that says nothing to this version, as far as it is worth showing.
    case unreadable(String)
  }

  /// The beginning of a line whose end has not come.
  private var rest: [UInt8] = []
  /// True from the moment a line became too long until its end.
  private var isSkipping = false

  package init() {}

  /// Takes the next bytes and answers the lines that they complete; empty lines are none.
  package mutating func take(_ bytes: some Sequence<UInt8>) -> [Line] {
    var lines: [Line] = []
    for byte in bytes {
      if byte == UInt8(ascii: "\n") {
        if !isSkipping, let line = LabEventReader.line(rest) { lines.append(line) }
        rest.removeAll(keepingCapacity: true)
        isSkipping = false
      } else if !isSkipping {
        rest.append(byte)
        guard rest.count > LabEventReader.longestLine else { continue }
        lines.append(.unreadable("a line of more than \(LabEventReader.longestLine) bytes"))
        rest.removeAll()
        isSkipping = true
      }
    }
    return lines
  }

  private static func line(_ bytes: [UInt8]) -> Line? {
    let text = String(decoding: bytes, as: UTF8.self)
    guard text.contains(where: { !$0.isWhitespace }) else { return nil }
    do {
      return .event(try WireCoding().decode(LabEvent.self, from: Data(bytes)))
    } catch {
      return .unreadable(String(text.prefix(80)))
    }
  }
}
