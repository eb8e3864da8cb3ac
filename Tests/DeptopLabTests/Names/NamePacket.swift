/// A DNS packet as a test writes and reads it, with nothing of the server's own code.
struct NamePacket {
  var bytes: [UInt8]

  /// A query with one question.
  static func query(
    _ name: String, type: UInt16 = 1, id: UInt16 = 0x1234, recursive: Bool = true, payload: UInt16? = nil,
    version: UInt8 = 0
  ) -> [UInt8] {
    var bytes: [UInt8] = [UInt8(id >> 8), UInt8(id & 0xff), recursive ? 1 : 0, 0, 0, 1, 0, 0, 0, 0, 0]
    bytes.append(payload == nil ? 0 : 1)
    for label in name.split(separator: ".") { bytes += [UInt8(label.utf8.count)] + Array(label.utf8) }
    bytes += [0, UInt8(type >> 8), UInt8(type & 0xff), 0, 1]
    if let payload { bytes += [0, 0, 41, UInt8(payload >> 8), UInt8(payload & 0xff), 0, version, 0, 0, 0, 0] }
    return bytes
  }

  private func number(_ place: Int) -> Int {
    Int(bytes[place]) << 8 | Int(bytes[place + 1])
  }

  var id: Int { number(0) }
  var isAnswer: Bool { bytes[2] & 0x80 != 0 }
  var isAuthoritative: Bool { bytes[2] & 4 != 0 }
  var isCut: Bool { bytes[2] & 2 != 0 }
  var repeatsRecursion: Bool { bytes[2] & 1 != 0 }
  /// 0 no error, 1 format error, 2 server failure, 3 no such name, 4 not implemented, 5 refused.
  var code: Int { Int(bytes[3] & 0xf) }
  var answers: Int { number(6) }
  var hasExtensions: Bool { number(10) == 1 }

  /// The question's bytes.
  var question: [UInt8] {
    guard number(4) == 1, let end = bytes[12...].firstIndex(of: 0) else { return [] }
    return Array(bytes[12..<end + 5])
  }

  /// Type, TTL and data of the answers, which all refer to the question's name.
  var records: [(type: Int, timeToLive: Int, data: [UInt8])] {
    var place = 12 + question.count
    return (0..<answers).map { _ in
      let length = number(place + 10)
      defer { place += 12 + length }
      return (
        number(place + 2), number(place + 6) << 16 | number(place + 8), Array(bytes[place + 12..<place + 12 + length])
      )
    }
  }

  /// The addresses in their order.
  var addresses: [String] {
    records.filter { $0.type == 1 }.map { $0.data.map(String.init).joined(separator: ".") }
  }
}
