internal import NIOCore

/// The question for a name's IPv4 addresses as RFC 1035 writes it.
struct AddressQuestion: Sendable, Hashable {
  let id: UInt16
  /// Without a dot at the end.
  let name: String

  private static let typeA: UInt16 = 1
  private static let classIN: UInt16 = 1

  /// The packet; nil when the name is none: a label is empty or longer than 63 bytes, or all are longer than 253.
  var packet: ByteBuffer? {
    let labels = name.split(separator: ".", omittingEmptySubsequences: false).map { Array($0.utf8) }
    guard name.utf8.count <= 253, labels.allSatisfy({ 1...63 ~= $0.count }) else { return nil }
    var packet = ByteBuffer()
    // Recursion is desired: one question, no records.
    for number in [id, 0x0100, 1, 0, 0, 0] as [UInt16] { packet.writeInteger(number) }
    for label in labels {
      packet.writeInteger(UInt8(label.count))
      packet.writeBytes(label)
    }
    packet.writeInteger(UInt8(0))
    packet.writeInteger(Self.typeA)
    packet.writeInteger(Self.classIN)
    return packet
  }

  /// Reads an answer; nil for a packet that does not answer this question.
  func answer(in packet: ByteBuffer) -> AddressAnswer? {
    var packet = packet
    guard
      let (id, flags, questions, answers, _, _) = packet.readMultipleIntegers(
        as: (UInt16, UInt16, UInt16, UInt16, UInt16, UInt16).self), id == self.id, flags & 0x8000 != 0
    else { return nil }
    var answer = AddressAnswer(code: flags & 0xf)
    for _ in 0..<questions {
      guard packet.skipName(), packet.readInteger(as: UInt32.self) != nil else { return nil }
    }
    for _ in 0..<answers {
      guard packet.skipName(),
        let (type, kind, timeToLive, length) = packet.readMultipleIntegers(as: (UInt16, UInt16, UInt32, UInt16).self),
        let data = packet.readBytes(length: Int(length))
      else { return nil }
      guard type == Self.typeA, kind == Self.classIN, data.count == 4 else { continue }
      answer.addresses.append(data.map(String.init).joined(separator: "."))
      answer.timeToLive = min(answer.timeToLive, timeToLive)
    }
    return answer
  }
}

/// What a name server said.
struct AddressAnswer: Sendable, Hashable {
  /// 0 for no error, 2 for a failure of the server, 3 for no such name.
  var code: UInt16
  /// In the server's order.
  var addresses: [String] = []
  /// The shortest of the records', seconds.
  var timeToLive: UInt32 = .max

  /// Why it is of no use; nil when it is.
  var problem: String? {
    switch code {
    case 0: addresses.isEmpty ? "the name has no address" : nil
    case 2: "the name server failed (SERVFAIL)"
    case 3: "there is no such name (NXDOMAIN)"
    default: "the name server answered with code \(code)"
    }
  }
}

extension ByteBuffer {
  /// Passes over a name, which a pointer ends as well.
  fileprivate mutating func skipName() -> Bool {
    while let length: UInt8 = readInteger() {
      if length == 0 { return true }
      if length & 0xc0 == 0xc0 { return readInteger(as: UInt8.self) != nil }
      guard readSlice(length: Int(length)) != nil else { return false }
    }
    return false
  }
}
