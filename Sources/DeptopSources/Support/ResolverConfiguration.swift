package import DeptopModel

/// Which resolvers a host asks, and how it completes short names: the content of `resolv.conf`.
package struct ResolverConfiguration: Sendable, Hashable {
  /// In the order in which applications ask them.
  package var nameservers: [SocketAddress]
  /// Entries that are no address that can be asked, such as one with a zone.
  package var unusableNameservers: [String]
  package var search: SearchList

  package init(nameservers: [SocketAddress], search: SearchList = SearchList()) {
    self.nameservers = nameservers
    unusableNameservers = []
    self.search = search
  }

  /// Entries after the third are not used by any application that asks through the C library.
  private static let nameserversUsed = 3

  /// Reads the text of a `resolv.conf` as the C library does.
  package init(parsing text: String) {
    nameservers = []
    unusableNameservers = []
    search = SearchList()
    for line in text.split(whereSeparator: \.isNewline) where line.first != "#" && line.first != ";" {
      let words = line.split(whereSeparator: \.isWhitespace).map(String.init)
      guard let keyword = words.first, words.count > 1 else { continue }
      switch keyword {
      case "nameserver": addNameserver(words[1])
      case "search": search.domains = words.dropFirst().map(SearchList.withoutFinalDot)
      case "domain": search.domains = [SearchList.withoutFinalDot(words[1])]
      case "options": search.read(options: words.dropFirst())
      default: continue
      }
    }
  }

  /// Does what the C library does without an entry: it asks the resolver of the host itself.
  mutating func askOwnHostIfEmpty() {
    if nameservers.isEmpty { nameservers = [SocketAddress(IPAddress(v4: 0x7f00_0001), port: 53)] }
  }

  private mutating func addNameserver(_ entry: String) {
    guard let address = IPAddress(entry) else {
      unusableNameservers.append(entry)
      return
    }
    let nameserver = SocketAddress(address, port: 53)
    if nameservers.count < ResolverConfiguration.nameserversUsed, !nameservers.contains(nameserver) {
      nameservers.append(nameserver)
    }
  }
}

/// How a short name is completed.
package struct SearchList: Sendable, Hashable {
  /// Without a final dot.
  package var domains: [String] = []
  /// A name with at least this many dots is first asked for as it is; 0…15.
  package var dotsOfCompleteName = 1

  package init(domains: [String] = [], dotsOfCompleteName: Int = 1) {
    self.domains = domains
    self.dotsOfCompleteName = dotsOfCompleteName
  }

  /// The complete names that are asked for one after the other, until one exists.
  package func candidates(for name: String) -> [String] {
    if name.hasSuffix(".") { return [SearchList.withoutFinalDot(name)] }
    let completed = domains.filter { !$0.isEmpty }.map { "\(name).\($0)" }
    let dots = name.count { $0 == "." }
    return dots >= dotsOfCompleteName ? [name] + completed : completed + [name]
  }

  fileprivate static func withoutFinalDot(_ name: String) -> String {
    name.hasSuffix(".") ? String(name.dropLast()) : name
  }

  fileprivate mutating func read(options: some Sequence<String>) {
    for option in options where option.hasPrefix("ndots:") {
      guard let dots = Int(option.dropFirst("ndots:".count)), dots >= 0 else { continue }
      dotsOfCompleteName = min(dots, 15)
    }
  }
}
