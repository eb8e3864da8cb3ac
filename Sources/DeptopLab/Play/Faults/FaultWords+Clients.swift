/// What follows `client`.
extension FaultWords {
  func client(_ words: [String]) throws(FaultWordsError) -> [Fault] {
    guard let names = words.first else {
      throw .missing("client", "the name of a client", of: clients.map(\.name) + ["all"])
    }
    let named = try self.named(names)
    guard let next = words.dropFirst().first else {
      throw .missing("client \(names)", "a dependency", of: dependencies(of: named) + [RestartWords.word])
    }
    let rest = words.dropFirst(2)
    if next == RestartWords.word { return try restart(named, rest) }
    let calls = try calls(of: named, to: next, isAll: names == "all", after: "client \(names)")
    guard let word = rest.first else {
      throw .missing(next, "what changes", of: CallWords.keys.names + ["drop-connections"])
    }
    if word == "drop-connections" {
      try end(rest.dropFirst(), after: word)
      return calls.map { .dropConnections(client: $0.client, dependency: next) }
    }
    var faults: [Fault] = []
    for call in calls {
      var edit = CallEdit(present: call.spec)
      try CallWords.keys.read(rest, into: &edit, after: next, or: ["drop-connections"])
      faults.append(.client(call.client, dependency: next, edit.change))
    }
    return faults
  }

  /// The clients of `orders`, `web,web-2` or `all`.
  private func named(_ names: String) throws(FaultWordsError) -> [ClientSpec] {
    if names == "all" { return clients }
    var found: [ClientSpec] = []
    for name in names.split(separator: ",", omittingEmptySubsequences: false).map(String.init) {
      guard let client = clients.first(where: { $0.name == name }) else {
        throw .unknown("client", "client", name, of: clients.map(\.name) + ["all"])
      }
      guard !found.contains(where: { $0.name == name }) else { throw .repeated("client", name) }
      found.append(client)
    }
    return found
  }

  /// Without a word, the start-up takes as long as the client's spec says.
  private func restart(_ named: [ClientSpec], _ words: ArraySlice<String>) throws(FaultWordsError) -> [Fault] {
    var faults: [Fault] = []
    for client in named {
      var startUp = client.startUp
      try RestartWords.keys.read(words, into: &startUp, after: RestartWords.word)
      faults.append(.restart(client: client.name, startUp: startUp))
    }
    return faults
  }

  /// How the clients call a dependency; every one that is named must, and of all of them one.
  private func calls(
    of named: [ClientSpec], to dependency: String, isAll: Bool, after place: String
  ) throws(FaultWordsError) -> [(client: String, spec: CallSpec)] {
    var calls: [(client: String, spec: CallSpec)] = []
    for client in named {
      if let spec = client.dependencies.first(where: { $0.dependency == dependency }) {
        calls.append((client.name, spec))
      } else if !isAll {
        throw .unknown(
          "client \(client.name)", "dependency of it", dependency,
          of: client.dependencies.map(\.dependency) + [RestartWords.word])
      }
    }
    guard !calls.isEmpty else {
      throw .unknown(place, "dependency", dependency, of: dependencies(of: named) + [RestartWords.word])
    }
    return calls
  }

  /// What the clients call, each once.
  private func dependencies(of named: [ClientSpec]) -> [String] {
    var seen: Set<String> = []
    return named.flatMap(\.dependencies).map(\.dependency).filter { seen.insert($0).inserted }
  }
}
