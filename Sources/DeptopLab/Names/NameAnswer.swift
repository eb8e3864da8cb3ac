/// An answer to a query.
struct NameAnswer {
  let id: UInt16
  /// Opcode and RD of the query.
  let keptFlags: UInt16
  let code: ResponseCode
  /// As it came; empty when it could not be read.
  var question: [UInt8] = []
  var records: [Record] = []
  var hasExtensions = false

  /// One record of the question's name.
  struct Record: Hashable {
    let type: UInt16
    /// Seconds.
    let timeToLive: UInt32
    let data: [UInt8]
  }

  /// The largest answer that a UDP asker without EDNS takes, bytes (RFC 1035 section 4.2.1).
  static let smallest = 512
  /// The largest answer that this server sends by UDP, bytes: what passes every path without fragments.
  static let largestByUDP = 1232

  /// The packet: without records and with TC when it is larger than the limit.
  func packet(limit: Int) -> [UInt8] {
    let whole = packet(records: records, isCut: false)
    return whole.count <= limit ? whole : packet(records: [], isCut: true)
  }

  private func packet(records: [Record], isCut: Bool) -> [UInt8] {
    var bytes: [UInt8] = []
    // AA where something is said about the name.
    let isAuthoritative = code == .noError || code == .noSuchName
    let marks: UInt16 = (isAuthoritative ? 0x0400 : 0) | (isCut ? 0x0200 : 0)
    let flags = 0x8000 | marks | keptFlags | code.rawValue & 0xf
    for number in [id, flags, question.isEmpty ? 0 : 1, UInt16(records.count), 0, hasExtensions ? 1 : 0] {
      bytes.append(number)
    }
    bytes += question
    for record in records {
      // The name is the question's, which begins after the header.
      for number in [0xc00c, record.type, NameQuery.classIN, UInt16(record.timeToLive >> 16)] { bytes.append(number) }
      bytes.append(UInt16(truncatingIfNeeded: record.timeToLive))
      bytes.append(UInt16(record.data.count))
      bytes += record.data
    }
    if hasExtensions {
      bytes.append(0 as UInt8)
      for number in [NameQuery.typeOPT, UInt16(Self.largestByUDP), (code.rawValue >> 4) << 8, 0, 0] {
        bytes.append(number)
      }
    }
    return bytes
  }
}

extension [UInt8] {
  fileprivate mutating func append(_ number: UInt16) {
    append(UInt8(number >> 8))
    append(UInt8(number & 0xff))
  }
}
