/// Cuts what the terminal sends into keys and pastes, and holds an unfinished escape sequence back.
///
/// A lone escape is a key, an escape that starts a sequence is not, and only time tells them apart. Holding the bytes
/// here keeps that wait out of the reading, so no key ever blocks the loop.
struct InputGate {
  enum Piece: Equatable {
    case keys([UInt8])
    case paste([UInt8])
  }

  /// How much of a paste is kept; the rest is dropped.
  static let pasteLimit = 64 << 10

  private static let pasteStart: [UInt8] = Array("\u{1b}[200~".utf8)
  private static let pasteEnd: [UInt8] = Array("\u{1b}[201~".utf8)
  private static let longestSequence = 64

  private var held: [UInt8] = []
  private var pasted: [UInt8]?

  /// How long to wait for the rest of what is held before ``release()``; nil when nothing is held.
  var patience: Duration? {
    if pasted != nil { return .seconds(1) }
    if held.isEmpty { return nil }
    return held.count == 1 ? .milliseconds(25) : .milliseconds(100)
  }

  /// Takes bytes as they were read and answers what is complete.
  mutating func accept(_ bytes: [UInt8]) -> [Piece] {
    var rest = (held + bytes)[...]
    held = []
    var pieces: [Piece] = []
    while !rest.isEmpty {
      rest = pasted == nil ? takeKeys(from: rest, into: &pieces) : takePaste(from: rest, into: &pieces)
    }
    return pieces
  }

  /// Gives up waiting for the rest of what is held.
  mutating func release() -> [Piece] {
    defer {
      held = []
      pasted = nil
    }
    if let pasted { return [.paste(pasted)] }
    return held.isEmpty ? [] : [.keys(held)]
  }

  private mutating func takeKeys(from bytes: ArraySlice<UInt8>, into pieces: inout [Piece]) -> ArraySlice<UInt8> {
    let start = InputGate.range(of: InputGate.pasteStart, in: bytes)
    let end = start?.lowerBound ?? InputGate.unfinishedTail(of: bytes)
    if end > bytes.startIndex { pieces.append(.keys(Array(bytes[..<end]))) }
    if let start {
      pasted = []
      return bytes[start.upperBound...]
    }
    held = Array(bytes[end...])
    return []
  }

  private mutating func takePaste(from bytes: ArraySlice<UInt8>, into pieces: inout [Piece]) -> ArraySlice<UInt8> {
    var text = pasted ?? []
    let end = InputGate.range(of: InputGate.pasteEnd, in: bytes)
    // The last bytes may be the beginning of the end.
    let tail = bytes.suffix(InputGate.pasteEnd.count - 1)
    let keep = tail.lastIndex(of: 0x1b) ?? bytes.endIndex
    text += bytes[..<(end?.lowerBound ?? keep)].prefix(InputGate.pasteLimit - text.count)
    if let end {
      pieces.append(.paste(text))
      pasted = nil
      return bytes[end.upperBound...]
    }
    pasted = text
    held = Array(bytes[keep...])
    return []
  }

  private static func range(of marker: [UInt8], in bytes: ArraySlice<UInt8>) -> Range<Int>? {
    var start = bytes.startIndex
    while let escape = bytes[start...].firstIndex(of: 0x1b) {
      if bytes[escape...].starts(with: marker) { return escape..<(escape + marker.count) }
      start = escape + 1
    }
    return nil
  }

  /// Where a sequence begins that the bytes do not finish; their end when there is none.
  private static func unfinishedTail(of bytes: ArraySlice<UInt8>) -> Int {
    guard let escape = bytes.lastIndex(of: 0x1b), bytes.endIndex - escape <= longestSequence else {
      return bytes.endIndex
    }
    let after = bytes[(escape + 1)...]
    let isUnfinished =
      switch after.first {
      case nil: true
      case UInt8(ascii: "O"): after.count == 1
      // The Linux console's F1 to F5 have a second bracket.
      case UInt8(ascii: "["):
        after.count == 2 && after.last == UInt8(ascii: "[")
          || after.dropFirst().allSatisfy { (0x20...0x3f).contains($0) }
      default: false
      }
    return isUnfinished ? escape : bytes.endIndex
  }
}
