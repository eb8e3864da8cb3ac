/// A DNS query as it came, of RFC 1035 with the extension of RFC 6891.
struct NameQuery {
  let id: UInt16
  /// Opcode and RD, which an answer repeats, in their places.
  let keptFlags: UInt16
  /// The question as it came, with the case of its letters, to be repeated in the answer.
  let question: [UInt8]
  /// In lower case, without a dot at the end.
  let name: String
  let type: UInt16
  let extensions: Extensions?

  /// What the OPT record of a query says.
  struct Extensions {
    /// The largest answer by UDP that the asker takes, bytes.
    let largest: Int
    let version: UInt8
  }

  static let typeA: UInt16 = 1
  static let typePTR: UInt16 = 12
  static let typeAny: UInt16 = 255
  static let typeOPT: UInt16 = 41
  static let classIN: UInt16 = 1
}

/// What cannot be answered as a query of a name.
enum NameQueryError: Error {
  /// An answer, or too short to be anything: answering it could start an endless exchange.
  case notAQuery
  /// A query that is answered with this code.
  case refused(id: UInt16, keptFlags: UInt16, ResponseCode)
}

/// The answers' codes, RFC 1035 section 4.1.1.
enum ResponseCode: UInt16 {
  case noError = 0
  case formatError = 1
  case serverFailure = 2
  case noSuchName = 3
  case notImplemented = 4
  case refused = 5
  /// An EDNS version that is not known; its upper bits are in the OPT record (RFC 6891 section 6.1.3).
  case badVersion = 16
}

extension NameQuery {
  init(_ packet: [UInt8]) throws(NameQueryError) {
    var reader = NameReader(packet)
    guard let header = reader.header(), header.flags & 0x8000 == 0 else { throw .notAQuery }
    let keptFlags = header.flags & 0x7900
    func refusal(_ code: ResponseCode) -> NameQueryError {
      .refused(id: header.id, keptFlags: keptFlags, code)
    }
    guard keptFlags & 0x7800 == 0 else { throw refusal(.notImplemented) }
    guard header.questions == 1, header.answers == 0, header.authorities == 0,
      let question = reader.question(), let extensions = reader.extensions(records: header.additions)
    else { throw refusal(.formatError) }
    guard question.class == Self.classIN else { throw refusal(.refused) }
    self.init(
      id: header.id, keptFlags: keptFlags, question: question.bytes, name: question.name, type: question.type,
      extensions: extensions.first)
  }
}
