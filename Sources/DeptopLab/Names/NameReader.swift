/// Reads the parts of a DNS packet in order; nil for what is cut or has no meaning.
struct NameReader {
  private let packet: [UInt8]
  private var place = 0

  init(_ packet: [UInt8]) {
    self.packet = packet
  }

  struct Header {
    let id, flags, questions, answers, authorities, additions: UInt16
  }

  struct Question {
    let bytes: [UInt8]
    let name: String
    let type, `class`: UInt16
  }

  mutating func header() -> Header? {
    guard let id = number(), let flags = number(), let questions = number(), let answers = number(),
      let authorities = number(), let additions = number()
    else { return nil }
    return Header(
      id: id, flags: flags, questions: questions, answers: answers, authorities: authorities, additions: additions)
  }

  mutating func question() -> Question? {
    let start = place
    guard let name = name(), let type = number(), let `class` = number() else { return nil }
    return Question(bytes: Array(packet[start..<place]), name: name, type: type, class: `class`)
  }

  /// The OPT records among those at the end: none or one.
  mutating func extensions(records: UInt16) -> [NameQuery.Extensions]? {
    var found: [NameQuery.Extensions] = []
    for _ in 0..<records {
      guard let owner = name(), let type = number(), let largest = number(), let upper = number(), number() != nil,
        let length = number(), skip(Int(length))
      else { return nil }
      guard type == NameQuery.typeOPT else { continue }
      guard owner.isEmpty, found.isEmpty else { return nil }
      found.append(NameQuery.Extensions(largest: Int(largest), version: UInt8(upper & 0xff)))
    }
    return found
  }

  /// A name in lower case; none may be compressed, as a query has nothing to refer to.
  ///
  /// A byte that is no letter, digit, hyphen or underscore becomes `?`: no name of the lab has one.
  private mutating func name() -> String? {
    var labels: [String] = []
    let start = place
    while let length = byte() {
      guard length > 0 else { return labels.joined(separator: ".") }
      guard length <= 63, place + Int(length) <= packet.count, place - start + Int(length) < 255 else { return nil }
      let label = packet[place..<place + Int(length)].map(Self.lowered)
      labels.append(String(decoding: label, as: UTF8.self))
      place += Int(length)
    }
    return nil
  }

  private static func lowered(_ byte: UInt8) -> UInt8 {
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte | 0x20
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"),
      UInt8(ascii: "_"):
      byte
    default: UInt8(ascii: "?")
    }
  }

  private mutating func byte() -> UInt8? {
    guard place < packet.count else { return nil }
    defer { place += 1 }
    return packet[place]
  }

  private mutating func number() -> UInt16? {
    guard let high = byte(), let low = byte() else { return nil }
    return UInt16(high) << 8 | UInt16(low)
  }

  private mutating func skip(_ count: Int) -> Bool {
    guard place + count <= packet.count else { return false }
    place += count
    return true
  }
}
