package import DeptopConfiguration
internal import DeptopJVM
package import DeptopModel

/// The HikariCP pools of one JVM, through its Jolokia agent.
///
/// A pool that a dependency names is read as that dependency's, every other one under its own name. HikariCP
/// registers its beans only with `registerMbeans=true`, and takes them away when a pool is closed.
package final class JolokiaSource: Source {
  package static let kind = "jolokia"

  package let id: SourceID
  private let settings: JolokiaSettings
  private let members: [DependencySettings]
  private let client: JolokiaClient

  /// A source for one agent and the dependencies that refer to it; opens nothing yet.
  package init(settings: JolokiaSettings, dependencies: [DependencySettings]) {
    id = .jolokia(settings.name)
    self.settings = settings
    members = dependencies.filter { $0.jolokia?.instance == settings.name }
    client = JolokiaClient(settings: settings)
  }

  package static func instances(in settings: Settings, on host: HostSurroundings) -> [any Source] {
    settings.jolokias.map { JolokiaSource(settings: $0, dependencies: settings.dependencies) }
  }

  package static func isSame(in old: Settings, and new: Settings) -> Bool {
    old.jolokias == new.jolokias && old.dependencies == new.dependencies
  }

  package var schedule: Schedule { Schedule(interval: settings.interval, timeout: settings.timeout) }
  package var dependencies: [DependencyID] { members.map(\.id) }

  package func poll() async throws(SourceError) -> [Observation] {
    let report: HikariReport
    do throws(JVMError) {
      report = try await client.hikariPools()
    } catch {
      throw error.isPermanent ? .permanent("jolokia at \(error)") : .transient("jolokia at \(error)")
    }
    try refuseIfAbsent(report)
    return report.pools.flatMap { pool in observations(of: pool, in: report) }
  }

  private func observations(of pool: HikariPool, in report: HikariReport) -> [Observation] {
    let assigned = members.filter { $0.jolokia?.pool == pool.name }
    let reports =
      assigned.isEmpty ? [ClientReport(name: DisplayText.clean(pool.name, limit: 255))] : assigned.map { $0.report }
    return reports.map { empty in
      var client = empty
      client.pool = pool.reported
      client.policy = pool.policy
      return .client(
        ClientObservation(
          client: ClientIdentity(name: settings.name), report: client, countingSince: report.startedAt))
    }
  }

  /// Fails when there is no pool, or none of those that dependencies name.
  private func refuseIfAbsent(_ report: HikariReport) throws(SourceError) {
    if let (name, reason) = report.unreadable.min(by: { $0.key < $1.key }), report.pools.isEmpty {
      throw .transient("jolokia at \(client.place): pool \"\(DisplayText.clean(name, limit: 64))\": \(reason)")
    }
    if report.pools.isEmpty {
      let advice = "jolokia at \(client.place) has no HikariCP pool: it needs registerMbeans=true, and a first caller"
      throw members.isEmpty ? .noData(advice) : .transient(advice)
    }
    let absent = members.compactMap { $0.jolokia?.pool }.filter { report.pool($0) == nil }
    guard !members.isEmpty, absent.count == members.count else { return }
    let names = absent.map { "\"\($0)\"" }.joined(separator: ", ")
    let known = report.pools.prefix(10).map { DisplayText.clean($0.name, limit: 64) }.joined(separator: ", ")
    throw .transient("jolokia at \(client.place) has no HikariCP pool \(names); it has \(known)")
  }
}

extension HikariPool {
  /// The pool as a client reports one; what is neither in use nor idle is being opened or closed.
  fileprivate var reported: ReportedPool {
    ReportedPool(
      active: active, idle: idle, transitional: Swift.max(total - active - idle, 0), pending: pending, max: max)
  }
}
