internal import DeptopBlocking
package import DeptopConfiguration
internal import DeptopKernel
package import DeptopModel
internal import Synchronization

/// What each resolver answers for the host names of the configured dependencies: on the host itself, and in every other
/// network namespace that has connections to them.
///
/// Polled often, it asks seldom: a question is asked again when its answer is due, and each answer is
/// reported once. Failures are readings too. A name in a hosts file is not asked for: no process asks either.
package final class DNSSource: Source {
  package static let kind = "dns"
  /// Names of other namespaces that are asked for in one poll, the same name in two namespaces counting twice.
  package static let subjectsAtOnce = 64
  /// What reading and opening in other namespaces may take in addition.
  private static let accessAllowance = Duration.seconds(5)

  package static func instances(in settings: Settings, on host: HostSurroundings) -> [any Source] {
    let source = DNSSource(settings: settings.dns, dependencies: settings.dependencies, host: host)
    return source.dependencies.isEmpty ? [] : [source]
  }

  package static func isSame(in old: Settings, and new: Settings) -> Bool {
    old.dns == new.dns && old.dependencies == new.dependencies
  }

  package let id = SourceID(rawValue: DNSSource.kind)
  package let schedule: Schedule
  package let dependencies: [DependencyID]

  private let named: [DependencySettings]
  private let names: [String]
  private let timeout: Duration
  private let resolvers: ResolverChoice
  private let hosts: WatchedHostsFile
  private let host: HostSurroundings
  private let state: Mutex<NameState>
  private let thread = BlockingThread()

  /// - Parameters:
  ///   - settings: Which resolvers are asked on the host, and how often.
  ///   - dependencies: Those whose host is a name are asked for.
  ///   - host: The other namespaces, and who reaches into them.
  ///   - resolverFile: The host's `resolv.conf`: its search list, and its resolvers when the settings name none.
  ///   - hostsFile: The host's hosts file.
  package init(
    settings: DNSSettings, dependencies: [DependencySettings], host: HostSurroundings = HostSurroundings(),
    resolverFile: String = "/etc/resolv.conf", hostsFile: String = "/etc/hosts"
  ) {
    named = dependencies.filter { $0.hostName != nil }
    names = Set(named.compactMap(\.hostName)).sorted()
    self.dependencies = named.map(\.id)
    self.host = host
    timeout = settings.timeout
    resolvers = ResolverChoice(configured: settings.resolvers, path: resolverFile)
    hosts = WatchedHostsFile(path: hostsFile)
    state = Mutex(NameState(minimumInterval: settings.minimumInterval))
    // The runner's limit only catches what the deadline of the questions does not.
    let allowance = host.access == nil ? Duration.seconds(1) : DNSSource.accessAllowance + timeout
    schedule = Schedule(interval: min(.seconds(1), settings.minimumInterval), timeout: timeout + allowance)
  }

  /// Makes the next poll ask for these names, whatever the age of their answers.
  package func askNow(_ names: Set<String>) {
    state.withLock { $0.demand(names, at: .now) }
  }

  package func poll() async throws(SourceError) -> [Observation] {
    let hosts = try hosts.current()
    let own = NameView(namespace: .own, names: names, process: nil, resolvers: .known(try resolvers.current()))
    let views = [own] + otherViews
    let now = ContinuousClock.now
    let due = state.withLock { $0.due(of: views, ownHosts: hosts, atOnce: DNSSource.subjectsAtOnce, at: now) }
    if due.isEmpty { return [] }
    let round = NameRound(questions: due, views: views, ownHosts: hosts, access: host.access, timeout: timeout)
    let findings = await thread.runInterruptibly { round.findings(interrupt: $0) }
    return state.withLock { $0.record(findings, of: round, askedAt: now) }
  }

  private var otherViews: [NameView] {
    guard host.access != nil else { return [] }
    return host.namespaces.current.compactMap { NameView($0, of: named) }
  }
}
