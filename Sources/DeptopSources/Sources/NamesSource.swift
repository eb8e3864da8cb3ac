internal import DeptopBlocking
package import DeptopConfiguration
package import DeptopModel
internal import Synchronization

/// Names of the addresses that connections go to and that no dependency is configured for.
///
/// A name comes from the hosts file, or from a reverse look-up that a forward look-up confirms: whoever has an address may
/// give it any name, but only the owner of the name can make that lead back.
package final class NamesSource: Source {
  package static let kind = "names"

  package static func instances(in settings: Settings, on host: HostSurroundings) -> [any Source] {
    [NamesSource(settings: settings, namespaces: host.namespaces)]
  }

  package static func isSame(in old: Settings, and new: Settings) -> Bool {
    old.names == new.names && old.dns == new.dns && old.dependencies == new.dependencies
  }

  package let id = SourceID(rawValue: NamesSource.kind)
  package let schedule: Schedule
  package let dependencies: [DependencyID] = []

  /// What is configured by address, and so has a name already.
  private let configured: Set<SocketAddress>
  private let isReverse: Bool
  private let timeout: Duration
  private let resolvers: ResolverChoice
  private let hosts: WatchedHostsFile
  private let namespaces: NamespaceDirectory
  private let cache = Mutex(AddressNameCache())
  private let thread = BlockingThread()

  /// - Parameters:
  ///   - settings: Whether resolvers are asked, which, and how often.
  ///   - namespaces: Where connections go.
  ///   - resolverFile: The host's `resolv.conf`.
  ///   - hostsFile: The host's hosts file.
  package init(
    settings: Settings, namespaces: NamespaceDirectory, resolverFile: String = "/etc/resolv.conf",
    hostsFile: String = "/etc/hosts"
  ) {
    configured = Set(
      settings.dependencies.compactMap { dependency in
        IPAddress(dependency.host).map { SocketAddress($0, port: dependency.port) }
      })
    isReverse = settings.names.isReverse
    timeout = settings.dns.timeout
    resolvers = ResolverChoice(configured: settings.dns.resolvers, path: resolverFile)
    hosts = WatchedHostsFile(path: hostsFile)
    self.namespaces = namespaces
    // Each resolver of a round may use up its time; the runner's limit only catches what that does not.
    schedule = Schedule(
      interval: settings.names.interval, timeout: timeout * (ReverseLookup.resolversUsed * 2) + .seconds(1))
  }

  package func poll() async throws(SourceError) -> [Observation] {
    let hosts = try hosts.current()
    let addresses = currentAddresses
    var names: [IPAddress: String] = [:]
    for address in addresses where names.count < AddressNameCache.limit { names[address] = hosts.name(of: address) }
    if isReverse {
      let unnamed = addresses.filter { names[$0] == nil }
      try await lookUp(unnamed)
      for (address, name) in cache.withLock({ $0.names }) where names.count < AddressNameCache.limit {
        names[address] = names[address] ?? name
      }
    }
    return [.addressNames(names)]
  }

  /// Asks for the names that are due.
  private func lookUp(_ addresses: Set<IPAddress>) async throws(SourceError) {
    let now = ContinuousClock.now
    let due = cache.withLock { $0.due(of: addresses, at: now) }
    if due.isEmpty { return }
    let configuration = try resolvers.current()
    let lookup = ReverseLookup(resolvers: configuration.nameservers, timeout: timeout)
    let found = await thread.runInterruptibly { lookup.names(of: due, interrupt: $0) }
    cache.withLock { $0.record(found, at: .now) }
  }

  /// The addresses that may get a name; those of loopback mean another host in each namespace, and get none.
  private var currentAddresses: Set<IPAddress> {
    let peers = namespaces.current.reduce(into: namespaces.ownPeers) { $0.formUnion($1.peers) }
    return Set(
      peers.subtracting(configured).map(\.address).filter { !$0.isLoopback && !$0.isUnspecified })
  }
}
