/// What follows `upstream`.
extension FaultWords {
  func upstream(_ words: [String]) throws(FaultWordsError) -> Fault {
    let names = upstreams.map(\.name)
    guard let name = words.first else { throw .missing("upstream", "the name of an upstream", of: names) }
    guard let spec = upstreams.first(where: { $0.name == name }) else {
      throw .unknown("upstream", "upstream", name, of: names)
    }
    var rest = words.dropFirst()
    var address: String?
    if let word = rest.first, looksLikeAddress(word) {
      address = try self.address(word, of: spec.addresses, after: name)
      rest = rest.dropFirst()
    }
    guard let word = rest.first else {
      throw .missing("upstream \(name)", "what changes", of: ServiceWords.keys.names + ["close"])
    }
    if word == "close" {
      try end(rest.dropFirst(), after: word)
      return .closeUpstream(name, address: address)
    }
    var change = ServiceChange()
    try ServiceWords.keys.read(rest, into: &change, after: "upstream \(name)", or: ["close"])
    return .upstream(name, address: address, change)
  }

  /// What follows `router`.
  func router(_ words: [String]) throws(FaultWordsError) -> [RouterFault] {
    let others = [RouterWords.forget] + RouterWords.verbs.map(\.word)
    guard let word = words.first else {
      throw .missing("router", "what changes", of: RouterWords.keys.names + others)
    }
    if word == RouterWords.forget {
      try end(words.dropFirst(), after: word)
      return [.forget]
    }
    guard let verb = RouterWords.verbs.first(where: { $0.word == word }) else {
      var settings = RouterWords.Settings()
      try RouterWords.keys.read(words, into: &settings, after: "router", or: others)
      return settings.faults
    }
    let known = upstreams.flatMap(\.addresses) + clients.map(\.resolver)
    return try addresses(words.dropFirst(), of: known, after: verb.word).map(verb.fault)
  }

  /// One address or more, each of them once.
  private func addresses(
    _ words: some Collection<String>, of known: [String], after place: String
  ) throws(FaultWordsError) -> [String] {
    guard !words.isEmpty else { throw .missing(place, "an address", of: short(known)) }
    var addresses: [String] = []
    for word in words {
      let address = try address(word, of: known, after: place)
      guard !addresses.contains(address) else { throw .repeated(place, word) }
      addresses.append(address)
    }
    return addresses
  }
}

/// Addresses, in short or whole.
extension FaultWords {
  /// True for `.12` and `10.90.0.12`, which no key and no other word begins like.
  func looksLikeAddress(_ word: String) -> Bool { word.first.map { $0 == "." || $0.isNumber } ?? false }

  /// `.12` with what it is short for.
  func whole(_ word: String) -> String { word.hasPrefix(".") ? addressPrefix + word.dropFirst() : word }

  private func address(
    _ word: String, of known: [String], after place: String
  ) throws(FaultWordsError) -> String {
    let address = whole(word)
    guard known.contains(address) else { throw .impossible(place, word, of: short(known)) }
    return address
  }

  /// Each address once, as short as it can be said.
  private func short(_ addresses: [String]) -> [String] {
    var seen: Set<String> = []
    return addresses.filter { seen.insert($0).inserted }.map { address in
      address.hasPrefix(addressPrefix) ? ".\(address.dropFirst(addressPrefix.count))" : address
    }
  }
}
