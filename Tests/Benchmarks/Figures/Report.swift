/// What one benchmark found out, for people and for programs.
package struct Report<Row: Encodable & Sendable>: Sendable {
  package var benchmark: String
  package var isQuick: Bool
  package var rounds: Int
  /// The product's own figures and those of its peers.
  package var rows: [Row]
  /// Peers that did not take part, with the reason.
  package var missing: [MissingPeer]
  /// The product's headline figure over that of a peer, by the peer's name; below 1 the product needs less.
  package var ratios: [String: Double]
  package var targets: [Target]

  package init(benchmark: String, isQuick: Bool, rounds: Int, rows: [Row], missing: [MissingPeer] = []) {
    self.benchmark = benchmark
    self.isQuick = isQuick
    self.rounds = rounds
    self.rows = rows
    self.missing = missing
    ratios = [:]
    targets = []
  }
}

/// A peer that did not take part.
package struct MissingPeer: Sendable, Hashable, Encodable {
  package let name: String
  package let reason: String

  package init(name: String, reason: String) {
    self.name = name
    self.reason = reason
  }
}

extension Report: Encodable {
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: FieldName.self)
    try container.encode(benchmark, forKey: FieldName("benchmark"))
    try container.encode(isQuick, forKey: FieldName("isQuick"))
    try container.encode(rounds, forKey: FieldName("rounds"))
    try container.encode(rows, forKey: FieldName("programs"))
    try container.encode(missing, forKey: FieldName("missing"))
    try container.encode(targets, forKey: FieldName("targets"))
    for (peer, ratio) in ratios { try container.encode(ratio, forKey: .ratio(to: peer)) }
  }
}

/// The name of a JSON field that is only known when it is written.
struct FieldName: CodingKey, Hashable {
  let stringValue: String
  var intValue: Int? { nil }

  init(_ name: String) { stringValue = name }
  init?(stringValue: String) { self.stringValue = stringValue }
  init?(intValue: Int) { nil }

  /// `ratioToPgTop` for `pg_top`: every run of letters and digits starts with a capital letter.
  static func ratio(to peer: String) -> FieldName {
    let words = peer.split { !$0.isLetter && !$0.isNumber }
    return FieldName("ratioTo" + words.map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined())
  }
}
