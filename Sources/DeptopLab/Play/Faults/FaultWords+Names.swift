/// What follows `name` and `name-server`.
extension FaultWords {
  /// An answer for a name; one without addresses is empty.
  ///
  /// An address of the lab that nobody has is possible: a name may well lead to nobody.
  func record(_ words: [String]) throws(FaultWordsError) -> NameRecord {
    let known = knownNames
    guard let word = words.first else { throw .missing("name", "a name", of: known) }
    let name = word.hasSuffix(NameWords.ending) ? word : word + NameWords.ending
    guard known.contains(name) else { throw .unknown("name", "name", name, of: known) }
    let isAddress = words.dropFirst().map(looksLikeAddress)
    let rest = zip(words.dropFirst(), isAddress)
    var record = NameRecord(name: name, addresses: [])
    for (word, _) in rest.filter(\.1) {
      let address = try labAddress(word)
      guard !record.addresses.contains(address) else { throw .repeated("name \(name)", word) }
      record.addresses.append(address)
    }
    let others = rest.filter { !$0.1 }.map(\.0)
    try NameWords.keys.read(others, into: &record, after: "name \(name)", or: ["addresses like .12"])
    return record
  }

  func nameServer(_ words: [String]) throws(FaultWordsError) -> NameCommand {
    let possible = NameWords.commands.map(\.key)
    guard let word = words.first else { throw .missing("name-server", "what it does", of: possible) }
    guard let command = NameWords.commands.first(where: { $0.key == word })?.value else {
      throw .impossible("name-server", word, of: possible)
    }
    try end(words.dropFirst(), after: word)
    return command
  }

  /// The names that upstreams have and that clients ask for, each once.
  private var knownNames: [String] {
    var names = upstreams.map { $0.name + NameWords.ending }
    for host in clients.flatMap(\.dependencies).map(\.host)
    where host.hasSuffix(NameWords.ending) && !names.contains(host) {
      names.append(host)
    }
    return names
  }

  private func labAddress(_ word: String) throws(FaultWordsError) -> String {
    let address = whole(word)
    guard address.hasPrefix(addressPrefix), let last = UInt8(address.dropFirst(addressPrefix.count)),
      (1...254).contains(last), address == "\(addressPrefix)\(last)"
    else { throw FaultWordsError("name", "\(FaultWordsError.shown(word)) is not possible; there are .1 to .254") }
    return address
  }
}
