/// The words of `deptop lab fault` and of the steps of a scenario.
///
/// `.12` is short for an address of the lab; times are seconds, and changes start from how the fleet is.
package struct FaultWords: Sendable {
  let addressPrefix: String
  let clients: [ClientSpec]
  let upstreams: [UpstreamSpec]

  /// Words about a fleet.
  ///
  /// - Parameters:
  ///   - addressPrefix: What `.12` is short for, without the last number: `10.90.0.`.
  ///   - calls: The clients as they are now.
  ///   - upstreams: The upstreams that there are.
  package init(addressPrefix: String, calls: [ClientSpec], upstreams: [UpstreamSpec]) {
    self.addressPrefix = addressPrefix
    clients = calls
    self.upstreams = upstreams
  }

  /// What the words may begin with.
  enum Kind: String, CaseIterable {
    case upstream, name
    case nameServer = "name-server"
    case router, client
  }

  /// What the words say: one fault, or as many as there are clients or router settings in them.
  ///
  /// - Throws: ``FaultWordsError`` for the first word that is wrong, with what is possible in its place.
  package func faults(_ words: [String]) throws(FaultWordsError) -> [Fault] {
    guard let first = words.first else { throw .missing("fault", "what it is", of: Kind.allCases.map(\.rawValue)) }
    guard let kind = Kind(rawValue: first) else {
      throw .impossible("fault", first, of: Kind.allCases.map(\.rawValue))
    }
    let rest = Array(words.dropFirst())
    switch kind {
    case .upstream: return [try upstream(rest)]
    case .name: return [.name(try record(rest))]
    case .nameServer: return [.nameServer(try nameServer(rest))]
    case .router: return try router(rest).map { .router($0) }
    case .client: return try client(rest)
    }
  }

  /// Every word that is possible, one form or key a line.
  package static var usage: String {
    var lines = ["upstream NAME [.ADDRESS] KEY=VALUE …"] + ServiceWords.keys.usage
    lines += ["upstream NAME [.ADDRESS] close", "name NAME [.ADDRESS …] [ttl=SECONDS]"]
    lines += NameWords.commands.map { "name-server \($0.key)" }
    lines += ["router KEY=VALUE …"] + RouterWords.keys.usage + ["router \(RouterWords.forget)"]
    lines += RouterWords.verbs.map { "router \($0.word) .ADDRESS …" }
    lines += ["client NAMES DEPENDENCY KEY=VALUE …"] + CallWords.keys.usage
    lines += ["client NAMES DEPENDENCY drop-connections", "client NAMES \(RestartWords.word) [start-up=SECONDS]"]
    lines += ["NAMES is one client, several with commas, or all; .12 is the lab's address that ends so."]
    return lines.joined(separator: "\n")
  }

  /// Fails when something follows a word that stands alone.
  func end(_ rest: some Collection<String>, after word: String) throws(FaultWordsError) {
    guard let next = rest.first else { return }
    throw FaultWordsError(word, "\(FaultWordsError.shown(next)) is not possible; nothing may follow")
  }
}
