package import DeptopModel

/// Which dependencies the overview shows, as the operator typed it.
///
/// Words are separated by spaces and all must hold. A word is looked for in name, kind, host, addresses and
/// clients; `level:critical`, `kind:redis`, `name:`, `address:` and `client:` look in one place. `!` before a word
/// inverts it. Letter case does not matter.
package struct Filter: Sendable, Hashable {
  package let text: String
  private let terms: [Term]

  /// No filter.
  package static let none = Filter("")

  package init(_ text: String) {
    self.text = text
    terms = text.split(separator: " ").compactMap(Term.init)
  }

  package var isEmpty: Bool { terms.isEmpty }

  /// True when a dependency is shown.
  package func matches(_ dependency: Dependency) -> Bool {
    terms.allSatisfy { $0.matches(dependency) }
  }

  /// Words that can match nothing, such as a level that does not exist; for the operator.
  package var problem: String? {
    for term in terms where term.field == .level && !Level.allCases.contains(where: { term.isBeginning(of: $0) }) {
      return "no level starts with \u{22}\(term.needle)\u{22}: "
        + Level.allCases.reversed().map(\.rawValue).joined(separator: ", ")
    }
    return nil
  }
}

extension Filter {
  fileprivate struct Term: Sendable, Hashable {
    enum Field: String, Sendable, Hashable {
      case any, level, kind, name, address, client
    }

    var field: Field
    var needle: String
    var isInverted: Bool

    init?(_ word: Substring) {
      isInverted = word.hasPrefix("!")
      let body = isInverted ? word.dropFirst() : word
      let parts = body.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      if parts.count == 2, let field = Field(rawValue: parts[0].lowercased()), field != .any {
        self.field = field
        needle = parts[1].lowercased()
      } else {
        field = .any
        needle = body.lowercased()
      }
      guard !needle.isEmpty else { return nil }
    }

    func isBeginning(of level: Level) -> Bool { level.rawValue.hasPrefix(needle) }

    func matches(_ dependency: Dependency) -> Bool { isFound(in: dependency) != isInverted }

    private func isFound(in dependency: Dependency) -> Bool {
      switch field {
      case .level: isBeginning(of: dependency.level)
      case .kind: isFound(in: dependency.kind?.rawValue)
      case .name: isFound(in: dependency.id.rawValue)
      case .address: isInAddresses(of: dependency)
      case .client: isInClients(of: dependency)
      case .any:
        isFound(in: dependency.id.rawValue) || isFound(in: dependency.kind?.rawValue)
          || isInAddresses(of: dependency) || isInClients(of: dependency)
      }
    }

    private func isFound(in text: String?) -> Bool { text.map { $0.lowercased().contains(needle) } ?? false }

    private func isInAddresses(of dependency: Dependency) -> Bool {
      isFound(in: dependency.host)
        || dependency.resolution?.addresses.contains { isFound(in: $0.description) } ?? false
        || dependency.sockets?.value.addresses.contains { isFound(in: $0.address.description) } ?? false
    }

    private func isInClients(of dependency: Dependency) -> Bool {
      dependency.pools.contains { isFound(in: $0.value.client) }
        || dependency.sockets?.value.clients.contains {
          isFound(in: $0.owner?.process) || isFound(in: $0.owner?.unit?.name)
        } ?? false
    }
  }
}
