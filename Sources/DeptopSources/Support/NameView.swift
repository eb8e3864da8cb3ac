package import DeptopConfiguration
package import DeptopModel

/// How the processes of one network namespace find the addresses of the names that concern them.
package struct NameView: Sendable, Hashable {
  package var namespace: NamespaceID
  /// Ascending.
  package var names: [String]
  /// A process of it, whose hosts file counts; nil for the collector's own namespace.
  package var process: Int32?
  package var resolvers: Resolvers

  /// Who is asked.
  package enum Resolvers: Sendable, Hashable {
    case known(ResolverConfiguration)
    /// Nobody can be: one sentence says why.
    case unknown(String)
  }

  /// What an answer is called whose resolver is not known.
  package static let unknownLabel = "resolv.conf"
  /// Stands for a resolver that is not known.
  private static let nobody = SocketAddress(IPAddress(v4: 0), port: 0)

  package init(namespace: NamespaceID, names: [String], process: Int32?, resolvers: Resolvers) {
    self.namespace = namespace
    self.names = names
    self.process = process
    self.resolvers = resolvers
  }

  /// The view of another namespace on the dependencies that it has connections to; nil when there are none with a name.
  package init?(_ entry: NamespaceDirectory.Entry, of dependencies: [DependencySettings]) {
    let ports = Set(entry.peers.map(\.port))
    let names = Set(dependencies.filter { ports.contains($0.port) }.compactMap(\.hostName))
    if names.isEmpty { return nil }
    self.init(
      namespace: entry.id, names: names.sorted(), process: entry.pid, resolvers: Resolvers(text: entry.resolverText))
  }

  package var search: SearchList {
    if case .known(let configuration) = resolvers { configuration.search } else { SearchList() }
  }

  /// Every question that there is, one name after the other.
  package var questions: [NameQuestion] { names.flatMap { questions(for: $0) } }

  /// One name, asked of every resolver; of nobody when none is known.
  package func questions(for name: String) -> [NameQuestion] {
    let asked =
      if case .known(let configuration) = resolvers { configuration.nameservers } else { [NameView.nobody] }
    return asked.map { NameQuestion(name: name, resolver: $0, namespace: namespace) }
  }
}

extension NameView.Resolvers {
  /// What the text of a namespace's `resolv.conf` says; nil for a text that cannot be read.
  init(text: String?) {
    guard let text else {
      self = .unknown("cannot be read")
      return
    }
    var configuration = ResolverConfiguration(parsing: text)
    if configuration.nameservers.isEmpty, let entry = configuration.unusableNameservers.first {
      self = .unknown("no usable nameserver: \"\(entry)\" cannot be asked")
      return
    }
    configuration.askOwnHostIfEmpty()
    self = .known(configuration)
  }
}
