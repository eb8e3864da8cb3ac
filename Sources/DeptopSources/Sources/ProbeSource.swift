package import DeptopConfiguration
package import DeptopModel

/// How long it takes to connect to each current address of the configured dependencies, to shake hands and to get a
/// first byte, and which packet sizes pass on the way.
///
/// An address is probed from the network namespaces whose processes are connected to it, else from the collector's own.
/// Of several namespaces one that cannot connect counts, else the slowest; the path is checked from the first that can.
/// Path checks run beside the polls: a poll delivers what was found out since the one before.
package final class ProbeSource: Source {
  package static let kind = "probe"

  package static func instances(in settings: Settings, on host: HostSurroundings) -> [any Source] {
    let source = ProbeSource(settings: settings, host: host)
    return source.dependencies.isEmpty ? [] : [source]
  }

  package static func isSame(in old: Settings, and new: Settings) -> Bool {
    old.probe == new.probe && old.dns == new.dns && old.dependencies == new.dependencies
  }

  /// Dependencies whose addresses are surely all connected to at the same time.
  private static let dependenciesAtOnce = 128

  package let id = SourceID(rawValue: ProbeSource.kind)
  package let schedule: Schedule
  package var dependencies: [DependencyID] { targets.map(\.id) }

  private let targets: [DependencySettings]
  private let timeout: Duration
  private let hosts: HostAddresses
  private let host: HostSurroundings
  private let probe = ConnectProbe()
  private let checks: PathChecks

  /// - Parameters:
  ///   - settings: The dependencies that are probed, and how.
  ///   - host: Which other namespaces there are, and who makes sockets in them.
  ///   - resolverFile: The host's `resolv.conf`.
  package init(
    settings: Settings, host: HostSurroundings = HostSurroundings(), resolverFile: String = "/etc/resolv.conf"
  ) {
    self.host = host
    checks = PathChecks(timeout: settings.probe.timeout)
    targets = settings.dependencies.filter(\.isProbed)
    timeout = settings.probe.timeout
    let resolvers = ResolverChoice(configured: settings.dns.resolvers, path: resolverFile)
    hosts = HostAddresses(resolvers: resolvers, timeout: settings.dns.timeout)
    let viewpoints = host.access == nil ? 1 : Viewpoints.limit
    let rounds = 1 + targets.count * viewpoints / ProbeSource.dependenciesAtOnce
    schedule = Schedule(
      interval: settings.probe.interval, timeout: settings.dns.timeout + timeout * rounds + .seconds(1))
  }

  deinit {
    checks.stop()
  }

  /// Looks at once which packet sizes pass to these dependencies, unless that was done within the last 30 seconds; the
  /// next poll after that has the result.
  package func checkPathNow(_ dependencies: Set<DependencyID>) {
    checks.sweepNow(dependencies)
  }

  package func poll() async throws(SourceError) -> [Observation] {
    let outcomes = try await hosts.outcomes(for: Set(targets.map(\.host)))
    let wanted = targets.map { target in
      (target, addresses(in: outcomes[target.host]).map { SocketAddress($0, port: target.port) })
    }
    let distinct = Array(Set(wanted.flatMap(\.1))).sorted()
    if distinct.isEmpty { throw .transient(reasonForNoAddress(outcomes)) }
    let views = await look(at: distinct)
    let news = checks.takeNews().map { Observation.path($0.0, $0.1) }
    checks.start(at: wanted.flatMap { target, addresses in places(of: target, addresses, views: views) })
    let connects = wanted.flatMap { target, addresses in
      addresses.compactMap { address in views[address]?.worst.map { Observation.connect(target.id, $0) } }
    }
    return connects + news + remarks(views)
  }

  /// Connects to each address from each of its namespaces.
  private func look(at addresses: [SocketAddress]) async -> [SocketAddress: ConnectView] {
    let viewpoints = Viewpoints(on: host)
    let targets = addresses.flatMap { address in
      viewpoints.sockets(for: address).map { ConnectTarget(address: address, sockets: $0) }
    }
    let outcome = await probe.outcome(of: targets, attempts: 1, timeout: timeout)
    var views: [SocketAddress: ConnectView] = [:]
    for (target, attempts) in zip(targets, outcome.results) {
      guard let attempt = attempts.first else { continue }
      views[target.address, default: ConnectView()].note(attempt, from: target.sockets, refusals: outcome.refusals)
    }
    return views
  }

  private func places(
    of target: DependencySettings, _ addresses: [SocketAddress], views: [SocketAddress: ConnectView]
  ) -> [PathPlace] {
    addresses.compactMap { address in
      guard let sockets = views[address]?.way else { return nil }
      return PathPlace(
        key: PathPlace.Key(dependency: target.id, address: address), host: target.host, speech: PathProtocol(target),
        isSizeProbed: target.path.isSizeProbed, sockets: sockets)
    }
  }

  /// Why some addresses were not probed from where they are used; replaces what the poll before said.
  private func remarks(_ views: [SocketAddress: ConnectView]) -> [Observation] {
    guard host.access != nil else { return [] }
    return [.remarks(Set(views.values.flatMap(\.refusals)).sorted())]
  }

  private func addresses(in outcome: ResolverAnswer.Outcome?) -> [IPAddress] {
    if case .addresses(let addresses, _) = outcome { addresses } else { [] }
  }

  private func reasonForNoAddress(_ outcomes: [String: ResolverAnswer.Outcome]) -> String {
    let reasons = targets.compactMap { target -> String? in
      switch outcomes[target.host] {
      case .noSuchName(let reason), .failed(let reason): "\(target.host): \(reason)"
      case .addresses, nil: nil
      }
    }
    return "no address to connect to: \(reasons.first ?? "no name was answered")"
  }
}
