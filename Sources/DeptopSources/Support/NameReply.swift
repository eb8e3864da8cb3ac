package import DeptopModel

/// One name, asked of one resolver, from one network namespace.
package struct NameQuestion: Sendable, Hashable {
  package var name: String
  package var resolver: SocketAddress
  package var namespace: NamespaceID

  package init(name: String, resolver: SocketAddress, namespace: NamespaceID = .own) {
    self.name = name
    self.resolver = resolver
    self.namespace = namespace
  }
}

/// The two kinds of addresses, which are asked for separately.
package enum AddressFamily: Sendable, Hashable, CaseIterable {
  case v4, v6

  /// The type of the record that is asked for.
  package var recordType: String { self == .v4 ? "A" : "AAAA" }
}

/// How the question for the addresses of one family ended.
package enum FamilyReply: Sendable, Hashable {
  case addresses([IPAddress], ttl: Duration)
  case noSuchName
  case noAddress
  /// The resolver answered with an error.
  case refusal(String)
  /// The resolver did not answer.
  case silence(String)
  /// The asker gave up.
  case interrupted

  /// Why nothing is known of this family; nil when it is known.
  fileprivate var failure: String? {
    switch self {
    case .addresses, .noSuchName, .noAddress: nil
    case .refusal(let reason), .silence(let reason): reason
    case .interrupted: "interrupted"
    }
  }
}

/// What one resolver said to one name, for both families.
package struct NameReply: Sendable, Hashable {
  package var v4: FamilyReply
  package var v6: FamilyReply

  package init(v4: FamilyReply, v6: FamilyReply) {
    self.v4 = v4
    self.v6 = v6
  }

  /// The same end for both families.
  package init(both reply: FamilyReply) {
    self.init(v4: reply, v6: reply)
  }

  package subscript(family: AddressFamily) -> FamilyReply { family == .v4 ? v4 : v6 }

  package var isInterrupted: Bool { v4 == .interrupted || v6 == .interrupted }

  /// The families that have addresses.
  package var families: Set<AddressFamily> {
    Set(AddressFamily.allCases.filter { if case .addresses = self[$0] { true } else { false } })
  }

  /// The families that have addresses as far as is known: a family that failed keeps what it had.
  package func families(known: Set<AddressFamily>) -> Set<AddressFamily> {
    families.union(known.filter { self[$0].failure != nil })
  }

  /// The answer as a whole; nil when the asker gave up.
  ///
  /// Many servers never answer for one of the families, and applications live with that. But a family that
  /// had addresses before and now fails must not look as if its addresses had left the name.
  package func outcome(known: Set<AddressFamily>) -> ResolverAnswer.Outcome? {
    if isInterrupted { return nil }
    let families = families
    for family in AddressFamily.allCases {
      guard let failure = self[family].failure, families.isEmpty || known.contains(family) else { continue }
      return .failed(families.isEmpty ? failure : "\(family.recordType): \(failure)")
    }
    if families.isEmpty { return .noSuchName(v4 == .noAddress || v6 == .noAddress ? "no address" : "no such name") }
    return allAddresses
  }

  private var allAddresses: ResolverAnswer.Outcome {
    var seen: Set<IPAddress> = []
    var all: [IPAddress] = []
    var smallest: Duration?
    for family in AddressFamily.allCases {
      guard case .addresses(let addresses, let ttl) = self[family] else { continue }
      all += addresses.filter { seen.insert($0).inserted }
      smallest = min(smallest ?? ttl, ttl)
    }
    return .addresses(all, ttl: smallest ?? .zero)
  }
}
