/// The lab's authoritative name server.
package struct NameServerSpec: Sendable, Hashable, Codable {
  /// The IPv4 address and the UDP and TCP port to listen on.
  package var address: String
  package var port: UInt16
  package var records: [NameRecord]

  package init(address: String, port: UInt16, records: [NameRecord]) {
    self.address = address
    self.port = port
    self.records = records
  }
}

/// The IPv4 addresses of a name.
package struct NameRecord: Sendable, Hashable, Codable {
  /// Without a dot at the end: `orders-db.lab`.
  package var name: String
  package var addresses: [String]
  /// Seconds.
  package var timeToLive: UInt32

  package init(name: String, addresses: [String], timeToLive: UInt32 = 2) {
    self.name = name
    self.addresses = addresses
    self.timeToLive = timeToLive
  }
}

/// What the name server is told, one JSON line each on its standard input; the end of the input ends it.
package enum NameCommand: Sendable, Hashable, Codable {
  /// Adds a record, or replaces the one of the same name.
  case record(NameRecord)
  /// Answers SERVFAIL to everything, or no more.
  case fails(Bool)
  /// Answers nothing, or again.
  case isSilent(Bool)
}
