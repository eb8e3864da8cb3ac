package import DeptopConfiguration
package import DeptopModel
internal import DeptopPgBouncer
internal import Synchronization

/// One PgBouncer: pools, server connections, request rates and DNS cache, from its admin console.
///
/// A dependency whose database PgBouncer does not list gets no readings; when it lists none of them, the poll
/// fails and names them.
package final class PgBouncerSource: Source {
  package static let kind = "pgbouncer"

  /// A database of this PgBouncer that is a configured dependency.
  private struct Member {
    var dependency: DependencyID
    var host: String
    var database: String
  }

  /// What is known from one poll to the next.
  private struct State {
    var configuration: ConsoleConfiguration?
    /// The connection that the configuration was read over.
    var connection = 0
    var configurationReadAt = ContinuousClock.now
    var offersState = false
    var stats: [String: StatsRow] = [:]
    var statsReadAt = ContinuousClock.now
  }

  package let id: SourceID
  private let settings: PgBouncerSettings
  private let members: [Member]
  private let console: PgBouncerConsole
  private let state = Mutex(State())

  /// A source for one PgBouncer and the dependencies that refer to it; opens nothing yet.
  package init(settings: PgBouncerSettings, dependencies: [DependencySettings]) {
    id = .pgbouncer(settings.name)
    self.settings = settings
    members = dependencies.compactMap { dependency in
      guard let entry = dependency.pgbouncer, entry.instance == settings.name else { return nil }
      return Member(dependency: dependency.id, host: dependency.host, database: entry.database)
    }
    console = PgBouncerConsole(settings: settings)
  }

  package static func instances(in settings: Settings, on host: HostSurroundings) -> [any Source] {
    settings.pgbouncers.map { PgBouncerSource(settings: $0, dependencies: settings.dependencies) }
  }

  package static func isSame(in old: Settings, and new: Settings) -> Bool {
    old.pgbouncers == new.pgbouncers && old.dependencies == new.dependencies
  }

  package var schedule: Schedule { Schedule(interval: settings.interval, timeout: settings.timeout) }
  package var dependencies: [DependencyID] { members.map(\.dependency) }

  package func poll() async throws(SourceError) -> [Observation] {
    guard !members.isEmpty else {
      throw .noData("no dependency refers to pgbouncer \"\(settings.name)\"")
    }
    let report: PgBouncerReport
    do throws(PgBouncerError) {
      report = try await read()
    } catch {
      throw error.isPermanent ? .permanent(error.description) : .transient(error.description)
    }
    try refuseIfAllUnknown(report)
    let requests = requests(in: report, at: .now)
    return members.flatMap { observations(of: $0, in: report, requests: requests[$0.database]) }
  }

  private func observations(
    of member: Member, in report: PgBouncerReport, requests: RequestReading?
  ) -> [Observation] {
    let id = member.dependency
    guard report.databases == nil || report.database(member.database) != nil else { return [] }
    return [
      report.pool(of: member.database, client: self.id.rawValue).map { .pool(id, $0) },
      report.connections(of: member.database).map { .poolConnections(id, $0) },
      requests.map { .requests(id, $0) },
      report.ownerResolution(of: member.database, preferring: member.host).map { .ownerResolution(id, $0) },
    ].compactMap { $0 }
  }

  private func refuseIfAllUnknown(_ report: PgBouncerReport) throws(SourceError) {
    guard let databases = report.databases else { return }
    let unknown = members.filter { report.database($0.database) == nil }.map { "\"\($0.database)\"" }
    guard unknown.count == members.count else { return }
    let listed = databases.map(\.name).filter { $0 != "pgbouncer" }
    throw .permanent(
      "pgbouncer at \(settings.place) lists no database \(unknown.joined(separator: ", ")); it lists "
        + (listed.isEmpty ? "none" : listed.joined(separator: ", "))
        + " (one that its * entry serves is listed after its first client)")
  }
}

extension PgBouncerSource {
  /// Reads everything, and the configuration when the connection is new or a minute has passed.
  private func read() async throws(PgBouncerError) -> PgBouncerReport {
    let start = ContinuousClock.now
    let known = state.withLock { ($0.connection, $0.offersState, $0.configurationReadAt) }
    var listings: [ConsoleCommand.Listing] = [.pools, .servers, .stats, .databases, .dnsHosts]
    if known.1 { listings.append(.state) }
    if start - known.2 > .seconds(60) { listings.append(.configuration) }
    let answers = try await console.ask(listings.map { .show($0) })
    var report = try PgBouncerReport(answers)
    if answers.connection != known.0 {
      let rest: [ConsoleCommand.Listing] = answers.offersState ? [.configuration, .state] : [.configuration]
      let more = try PgBouncerReport(
        try await console.ask(rest.map { .show($0) }, within: settings.timeout - (.now - start)))
      report.configuration = more.configuration
      report.isPaused = more.isPaused
    }
    let configuration = report.configuration
    report.configuration = state.withLock { state in
      if let configuration {
        state.configuration = configuration
        state.configurationReadAt = start
      }
      // A new connection may mean a new PgBouncer, whose totals cannot be compared with the old one's.
      if state.connection != answers.connection { state.stats = [:] }
      state.connection = answers.connection
      state.offersState = answers.offersState
      return state.configuration
    }
    return report
  }

  /// Rates by database, from the totals now and those of the poll before.
  private func requests(in report: PgBouncerReport, at now: ContinuousClock.Instant) -> [String: RequestReading] {
    let current = Dictionary((report.stats ?? []).map { ($0.database, $0) }, uniquingKeysWith: { first, _ in first })
    let (earlier, readAt) = state.withLock { state in
      let previous = (state.stats, state.statsReadAt)
      state.stats = current
      state.statsReadAt = now
      return previous
    }
    return current.compactMapValues { row in
      earlier[row.database].flatMap { row.requests(since: $0, over: now - readAt) }
    }
  }
}
