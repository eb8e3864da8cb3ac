internal import NIOCore

/// What the name server knows and how it behaves.
///
/// A value: it decides, and sends nothing.
struct NameZone {
  private var records: [String: Entry] = [:]
  private var fails = false
  private var isSilent = false

  private struct Entry {
    let name: String
    var addresses: [[UInt8]]
    let timeToLive: UInt32
  }

  /// How a query came.
  enum Transport {
    case udp, tcp
  }

  init(_ records: [NameRecord]) throws(ServerRoleProblem) {
    for record in records { try obey(.record(record)) }
  }

  mutating func obey(_ command: NameCommand) throws(ServerRoleProblem) {
    switch command {
    case .record(let record):
      guard Self.isName(record.name) else { throw ServerRoleProblem("\(record.name) is no name") }
      records[record.name.lowercased()] = Entry(
        name: record.name, addresses: try record.addresses.map(Self.bytes), timeToLive: record.timeToLive)
    case .fails(let value): fails = value
    case .isSilent(let value): isSilent = value
    }
  }

  /// The answer to a packet; nil when there is none.
  mutating func answer(_ packet: [UInt8], by transport: Transport) -> [UInt8]? {
    guard !isSilent else { return nil }
    do throws(NameQueryError) {
      let query = try NameQuery(packet)
      let asked = max(NameAnswer.smallest, query.extensions?.largest ?? 0)
      let limit = transport == .tcp ? Int(UInt16.max) : min(asked, NameAnswer.largestByUDP)
      return answer(query).packet(limit: limit)
    } catch {
      switch error {
      case .notAQuery: return nil
      case .refused(let id, let keptFlags, let code):
        return NameAnswer(id: id, keptFlags: keptFlags, code: code).packet(limit: NameAnswer.smallest)
      }
    }
  }

  private mutating func answer(_ query: NameQuery) -> NameAnswer {
    let (code, found) = lookUp(query)
    return NameAnswer(
      id: query.id, keptFlags: query.keptFlags, code: code, question: query.question, records: found,
      hasExtensions: query.extensions != nil)
  }

  private mutating func lookUp(_ query: NameQuery) -> (ResponseCode, [NameAnswer.Record]) {
    if let version = query.extensions?.version, version > 0 { return (.badVersion, []) }
    if fails { return (.serverFailure, []) }
    if let entry = records[query.name] {
      guard query.type == NameQuery.typeA || query.type == NameQuery.typeAny else { return (.noError, []) }
      rotate(query.name)
      return (
        .noError,
        entry.addresses.map { .init(type: NameQuery.typeA, timeToLive: entry.timeToLive, data: $0) }
      )
    }
    guard let entry = owner(ofReverse: query.name) else { return (.noSuchName, []) }
    guard query.type == NameQuery.typePTR || query.type == NameQuery.typeAny else { return (.noError, []) }
    let data = Self.encoded(entry.name)
    return (.noError, [.init(type: NameQuery.typePTR, timeToLive: entry.timeToLive, data: data)])
  }

  /// The next answer begins with the second address.
  private mutating func rotate(_ name: String) {
    guard let first = records[name]?.addresses.first else { return }
    records[name]?.addresses.removeFirst()
    records[name]?.addresses.append(first)
  }

  /// The first name, by alphabet, that has the address of an `in-addr.arpa` name.
  private func owner(ofReverse name: String) -> Entry? {
    let labels = name.split(separator: ".").map(String.init)
    guard labels.count == 6, labels.suffix(2) == ["in-addr", "arpa"] else { return nil }
    let address = labels.prefix(4).reversed().compactMap { UInt8($0) }
    return records.sorted { $0.key < $1.key }.map(\.value).first { $0.addresses.contains(address) }
  }
}

// MARK: - Names and addresses

extension NameZone {
  /// True for letters, digits, hyphens and underscores in labels of 1…63, 253 in all, and no dot at the end.
  private static func isName(_ name: String) -> Bool {
    let labels = name.split(separator: ".", omittingEmptySubsequences: false)
    return name.utf8.count <= 253
      && labels.allSatisfy { label in
        (1...63).contains(label.utf8.count)
          && label.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_") }
      }
  }

  private static func bytes(_ address: String) throws(ServerRoleProblem) -> [UInt8] {
    _ = try SocketAddress.lab(address, port: 0)
    return address.split(separator: ".").compactMap { UInt8($0) }
  }

  private static func encoded(_ name: String) -> [UInt8] {
    name.split(separator: ".").flatMap { [UInt8($0.utf8.count)] + Array($0.utf8) } + [0]
  }
}
