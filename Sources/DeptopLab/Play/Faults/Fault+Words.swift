extension Fault {
  /// The words that say it, with every field of what it replaces as a whole.
  ///
  /// A change of nothing has no words of its own: what is left of it cannot be read again.
  package var words: String { words { CallWords.keys.words(CallEdit(change: $0)) } }

  /// The fewest words that say it to somebody who knows how the clients were.
  ///
  /// Fields of a client's call that were the same before are left out, unless nothing would be left.
  package func words(from clients: [ClientSpec]) -> String {
    guard case .client(let name, let dependency, _) = self,
      let spec = clients.first(where: { $0.name == name })?.dependencies.first(where: { $0.dependency == dependency })
    else { return words }
    let short = words { CallWords.keys.words(CallEdit(change: $0), from: CallEdit(toWhatIs: spec)) }
    return short == words { _ in [] } ? words : short
  }

  private func words(ofChange: (CallChange) -> [String]) -> String {
    let words: [String] =
      switch self {
      case .upstream(let name, let address, let change):
        ["upstream", name] + [address].compactMap(\.self) + ServiceWords.keys.words(change)
      case .closeUpstream(let name, let address): ["upstream", name] + [address].compactMap(\.self) + ["close"]
      case .name(let record): Self.words(record)
      case .nameServer(.record(let record)): Self.words(record)
      case .nameServer(let command):
        ["name-server"] + NameWords.commands.filter { $0.value == command }.map(\.key)
      case .router(let fault): ["router"] + RouterWords.words(fault)
      case .client(let name, let dependency, let change): ["client", name, dependency] + ofChange(change)
      case .dropConnections(let name, let dependency): ["client", name, dependency, "drop-connections"]
      case .restart(let name, let startUp): ["client", name, RestartWords.word] + RestartWords.keys.words(startUp)
      }
    return words.joined(separator: " ")
  }

  private static func words(_ record: NameRecord) -> [String] {
    ["name", record.name] + record.addresses + NameWords.keys.words(record)
  }
}
