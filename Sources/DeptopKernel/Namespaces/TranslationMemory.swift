internal import DeptopModel

/// Where connections really go, asked once for each.
struct TranslationMemory: Sendable {
  /// How many connections one sweep asks about.
  static let atOnce = 512

  private struct Key: Sendable, Hashable {
    var namespace: NamespaceID
    var cookie: UInt64

    init(_ sample: SocketSample) {
      namespace = sample.namespace
      cookie = sample.cookie
    }
  }

  private var asked: Set<Key> = []
  /// Those of the asked that are translated.
  private var translated: [Key: SocketAddress] = [:]

  /// How many connections are remembered.
  var count: Int { asked.count }

  /// Fills in where the connections go, as far as it is known by now.
  ///
  /// - Parameters:
  ///   - connections: all that there are: what is not among them is forgotten.
  ///   - access: asked about those that are new.
  /// - Throws: why the new ones are not known; they are asked about again in the next call.
  mutating func assign(
    to connections: inout [ObservedConnection], asking access: any HostAccess
  ) throws(HostAccessError) {
    forgetAll(but: connections)
    let new = connections.indices.filter { index in
      !connections[index].sample.remote.address.isLoopback && !asked.contains(Key(connections[index].sample))
    }.prefix(Self.atOnce)
    defer { fill(&connections) }
    for (namespace, indices) in Dictionary(grouping: new, by: { connections[$0].sample.namespace }) {
      try ask(about: indices.map { connections[$0].sample }, in: namespace, access)
    }
  }

  private mutating func ask(
    about samples: [SocketSample], in namespace: NamespaceID, _ access: any HostAccess
  ) throws(HostAccessError) {
    var found = try Self.answers(about: samples, in: namespace, access)
    // What a pod calls is translated in the namespace of its host.
    let open = found.indices.filter { found[$0] == nil }
    if namespace != .own, !open.isEmpty {
      let second = try Self.answers(about: open.map { samples[$0] }, in: .own, access)
      for (index, address) in zip(open, second) { found[index] = address }
    }
    for (sample, address) in zip(samples, found) {
      asked.insert(Key(sample))
      translated[Key(sample)] = address
    }
  }

  private static func answers(
    about samples: [SocketSample], in namespace: NamespaceID, _ access: any HostAccess
  ) throws(HostAccessError) -> [SocketAddress?] {
    let ends = samples.map { SocketEnds(local: $0.local, remote: $0.remote) }
    let answers = try access.translations(of: ends, in: namespace)
    guard answers.count == ends.count else {
      throw .broken("\(answers.count) translations were told for \(ends.count) connections")
    }
    return answers
  }

  private func fill(_ connections: inout [ObservedConnection]) {
    guard !translated.isEmpty else { return }
    for index in connections.indices { connections[index].translated = translated[Key(connections[index].sample)] }
  }

  /// Only now and then, as it takes a look at everything.
  private mutating func forgetAll(but connections: [ObservedConnection]) {
    guard asked.count > 2 * connections.count + Self.atOnce else { return }
    asked.formIntersection(connections.lazy.map { Key($0.sample) })
    translated = translated.filter { asked.contains($0.key) }
  }
}
