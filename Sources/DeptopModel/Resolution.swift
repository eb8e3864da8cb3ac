/// What one resolver said to one question.
package struct ResolverAnswer: Sendable, Hashable, Codable {
  /// The host name asked for.
  package var name: String
  /// The resolver asked, `address:port`.
  package var resolver: String
  package var outcome: Outcome

  /// An answer, or the reason why there is none.
  package enum Outcome: Sendable, Hashable {
    /// Addresses in the resolver's order, and the smallest TTL on the way to them.
    case addresses([IPAddress], ttl: Duration)
    /// The name does not exist, or has no address.
    case noSuchName(String)
    /// The resolver did not answer, or answered with an error: says nothing about the name.
    case failed(String)
  }

  package init(name: String, resolver: String, outcome: Outcome) {
    self.name = name
    self.resolver = resolver
    self.outcome = outcome
  }

  /// The addresses of an answer; nil when there was none.
  package var addresses: [IPAddress]? {
    if case .addresses(let addresses, _) = outcome { addresses } else { nil }
  }

  package var ttl: Duration? {
    if case .addresses(_, let ttl) = outcome { ttl } else { nil }
  }

  /// Why there is no address; nil when there is one.
  package var failure: String? {
    switch outcome {
    case .addresses: nil
    case .noSuchName(let reason), .failed(let reason): reason
    }
  }
}

extension ResolverAnswer.Outcome: Codable {
  private enum CodingKeys: String, CodingKey {
    case addresses, noSuchName, failed
    case ttl = "ttlSeconds"
  }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    if let addresses = try container.decodeIfPresent([IPAddress].self, forKey: .addresses) {
      self = .addresses(addresses, ttl: try container.decode(Duration.self, forKey: .ttl))
    } else if let reason = try container.decodeIfPresent(String.self, forKey: .noSuchName) {
      self = .noSuchName(reason)
    } else {
      self = .failed(try container.decode(String.self, forKey: .failed))
    }
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    switch self {
    case .addresses(let addresses, let ttl):
      try container.encode(addresses, forKey: .addresses)
      try container.encode(ttl, forKey: .ttl)
    case .noSuchName(let reason): try container.encode(reason, forKey: .noSuchName)
    case .failed(let reason): try container.encode(reason, forKey: .failed)
    }
  }
}

/// What a pool's owner itself believes about the host name that it was given.
package struct OwnerResolution: Sendable, Hashable, Codable {
  /// The host name in the owner's configuration.
  package var host: String
  /// The addresses in the owner's own cache; empty when it remembers a failure, nil when it has no entry.
  package var addresses: [IPAddress]?
  /// How long the owner will still use its cached answer; zero when it asks again at its next connection.
  package var remaining: Duration?

  private enum CodingKeys: String, CodingKey {
    case host, addresses
    case remaining = "remainingSeconds"
  }

  package init(host: String, addresses: [IPAddress]?, remaining: Duration?) {
    self.host = host
    self.addresses = addresses
    self.remaining = remaining
  }
}

/// When an address was in a name's answers, over all resolvers asked.
package struct AddressHistory: Sendable, Hashable, Codable {
  package var address: IPAddress
  package var firstSeenAt: WallTime
  package var lastSeenAt: WallTime
  /// The first answer without it, after the last one with it; nil while it is in the answers.
  package var leftAt: WallTime?
  /// Consecutive answers without it; failures do not count.
  package var absences: Int
  /// How often it came back after it had left: more than 0 means that the answers rotate.
  package var returns: Int

  package init(
    address: IPAddress, firstSeenAt: WallTime, lastSeenAt: WallTime, leftAt: WallTime? = nil, absences: Int = 0,
    returns: Int = 0
  ) {
    self.address = address
    self.firstSeenAt = firstSeenAt
    self.lastSeenAt = lastSeenAt
    self.leftAt = leftAt
    self.absences = absences
    self.returns = returns
  }
}

/// One change of a name's answers.
package struct AnswerChange: Sendable, Hashable, Codable {
  package var at: WallTime
  package var from: [IPAddress]
  package var to: [IPAddress]

  package init(at: WallTime, from: [IPAddress], to: [IPAddress]) {
    self.at = at
    self.from = from
    self.to = to
  }
}

/// Everything known about a dependency's name: what each resolver says now, and what was said before.
package struct Resolution: Sendable, Hashable, Codable {
  package var name: String
  /// The last answer of each resolver asked.
  package var resolvers: [Reading<ResolverAnswer>]
  /// Union of the current answers, ascending.
  package var addresses: [IPAddress]
  /// Smallest TTL of the current answers; nil when no resolver answers.
  package var ttl: Duration?
  /// Answers received since the name was first asked for, kept across restarts.
  package var answers: Int
  /// When the name was first answered.
  package var firstAnsweredAt: WallTime?
  package var history: [AddressHistory]
  /// Newest last, at most 20.
  package var changes: [AnswerChange]
  /// What the pool's owner believes; nil when it does not say.
  package var owner: Reading<OwnerResolution>?

  private enum CodingKeys: String, CodingKey {
    case name, resolvers, addresses, answers, firstAnsweredAt, history, changes, owner
    case ttl = "ttlSeconds"
  }

  package init(name: String) {
    self.name = name
    resolvers = []
    addresses = []
    ttl = nil
    answers = 0
    firstAnsweredAt = nil
    history = []
    changes = []
    owner = nil
  }

  /// True when an address has come back after it had left: single answers say little.
  package var isRotating: Bool { history.contains { $0.returns > 0 } }
  /// True when no two resolvers contradict each other.
  package var resolversAgree: Bool { Set(resolvers.compactMap { $0.value.addresses.map(Set.init) }).count <= 1 }
}

/// A dependency's name as the processes of one network namespace see it.
package struct ResolutionView: Sendable, Hashable, Codable {
  package var namespace: NamespaceID
  /// What a person would call the namespace.
  package var label: String
  package var resolution: Resolution

  package init(namespace: NamespaceID, label: String, resolution: Resolution) {
    self.namespace = namespace
    self.label = label
    self.resolution = resolution
  }
}

/// What is kept of a name's answers across restarts.
package struct RememberedAnswers: Sendable, Hashable, Codable {
  package var answers: Int
  package var firstAnsweredAt: WallTime?
  package var history: [AddressHistory]
  package var changes: [AnswerChange]

  package init(answers: Int, firstAnsweredAt: WallTime?, history: [AddressHistory], changes: [AnswerChange]) {
    self.answers = answers
    self.firstAnsweredAt = firstAnsweredAt
    self.history = history
    self.changes = changes
  }
}
