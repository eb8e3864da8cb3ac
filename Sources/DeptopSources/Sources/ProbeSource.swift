package import DeptopConfiguration
package import DeptopModel

/// How long it takes to connect to each current address of the configured dependencies.
package final class ProbeSource: Source {
  package static let kind = "probe"

  package static func instances(in settings: Settings) -> [any Source] {
    let source = ProbeSource(settings: settings)
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
  private let probe = ConnectProbe()

  /// - Parameters:
  ///   - settings: The dependencies that are probed, and how.
  ///   - resolverFile: The host's `resolv.conf`.
  package init(settings: Settings, resolverFile: String = "/etc/resolv.conf") {
    targets = settings.dependencies.filter(\.isProbed)
    timeout = settings.probe.timeout
    let resolvers = ResolverChoice(configured: settings.dns.resolvers, path: resolverFile)
    hosts = HostAddresses(resolvers: resolvers, timeout: settings.dns.timeout)
    let rounds = 1 + targets.count / ProbeSource.dependenciesAtOnce
    schedule = Schedule(
      interval: settings.probe.interval, timeout: settings.dns.timeout + timeout * rounds + .seconds(1))
  }

  package func poll() async throws(SourceError) -> [Observation] {
    let outcomes = try await hosts.outcomes(for: Set(targets.map(\.host)))
    let wanted = targets.map { target in
      (target.id, addresses(in: outcomes[target.host]).map { SocketAddress($0, port: target.port) })
    }
    let distinct = Array(Set(wanted.flatMap(\.1))).sorted()
    if distinct.isEmpty { throw .transient(reasonForNoAddress(outcomes)) }
    let attempts = await probe.connectTimes(to: distinct, attempts: 1, timeout: timeout).joined()
    let byAddress = Dictionary(attempts.map { ($0.address, $0) }) { first, _ in first }
    return wanted.flatMap { id, addresses in
      addresses.compactMap { address in byAddress[address].map { .connect(id, $0) } }
    }
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
