package import DeptopConfiguration
package import DeptopModel
internal import DeptopPgBouncer
internal import Synchronization

/// Drains and re-resolves the databases of one PgBouncer by `RECONNECT`.
///
/// `RECONNECT` replaces every server connection of a database: idle ones at once, those in use when they are
/// returned. It never touches PgBouncer's DNS cache, so that it has to wait until an old answer there has run
/// out. `WAIT_CLOSE` and `PAUSE` are never sent: the first spoils later pauses, the second makes callers wait.
package final class PgBouncerControl: ControlPlane {
  /// A database of this PgBouncer, by the dependency that it is.
  private let databases: [DependencyID: String]
  private let settings: PgBouncerSettings
  private let console: PgBouncerConsole
  private let cacheExpiry = Mutex(CacheExpiry())
  /// When PgBouncer last refused the right to act; nil when it did not.
  private let refusedAt = Mutex<ContinuousClock.Instant?>(nil)

  /// A control plane for one PgBouncer and the dependencies that refer to it; opens nothing yet.
  package init(settings: PgBouncerSettings, dependencies: [DependencySettings]) {
    self.settings = settings
    databases = Dictionary(
      dependencies.compactMap { dependency in
        guard let entry = dependency.pgbouncer, entry.instance == settings.name else { return nil }
        return (dependency.id, entry.database)
      }, uniquingKeysWith: { first, _ in first })
    console = PgBouncerConsole(settings: settings)
  }

  /// One control plane for each PgBouncer in the settings.
  package static func instances(in settings: Settings) -> [any ControlPlane] {
    settings.pgbouncers.map { PgBouncerControl(settings: $0, dependencies: settings.dependencies) }
  }

  package var dependencies: [DependencyID] { databases.keys.sorted() }

  package func offers(for detail: DependencyDetail) -> [ActionOffer] {
    let reason = reasonAgainst(detail.dependency)
    return ActionVerb.native.map { verb in
      ActionOffer(verb: verb, unavailable: reason ?? reasonAgainst(verb, detail.dependency))
    }
  }

  package func prepare(
    _ request: PlanRequest, for detail: DependencyDetail
  ) async throws(ControlError) -> Preparation {
    let database = try database(of: request.dependency)
    if request.verb == .drain && request.scope == .idle {
      throw .refused(
        "PgBouncer cannot retire idle connections alone: RECONNECT replaces every server connection of a database")
    }
    let report = try await read([.databases, .pools, .servers, .dnsHosts, .configuration], checkingRight: true)
    learn(from: detail.dependency, report)
    if let row = report.database(database) { watch(report.dnsHosts(of: row)) }
    let outlook = try ReconnectOutlook(of: database, in: report, detail: detail, settings: settings)
    return try outlook.preparation(for: request)
  }

  package func obstacle(to plan: Plan) async throws(ControlError) -> Obstacle? {
    let database = try database(of: plan.request.dependency)
    let report = try await read([.databases, .dnsHosts])
    guard let row = report.database(database) else { throw .refused(unlisted(database)) }
    let watched = watch(report.dnsHosts(of: row))
    return watched.compactMap { host, remaining in
      guard remaining > .zero, let objection = host.objection(to: plan) else { return nil }
      let seconds = Int(remaining.seconds.rounded(.up))
      return Obstacle(remaining: remaining, reason: "\(objection) for another \(seconds) s")
    }.max { $0.remaining < $1.remaining }
  }

  package func execute(_ plan: Plan) async throws(ControlError) -> String {
    let command = ConsoleCommand.reconnect(database: try database(of: plan.request.dependency))
    // A connection of its own: nothing that waits on the other one can delay it.
    let console = PgBouncerConsole(settings: settings)
    let answers: ConsoleAnswers
    do throws(PgBouncerError) {
      answers = try await console.ask([command])
    } catch {
      let isUncertain = error.command != nil
      throw .failed(error.description + (isUncertain ? "; whether it was carried out is not known" : ""))
    }
    await console.close()
    if let refusal = answers.refusal(of: command) { throw refused(refusal) }
    return "sent \(command.text) to pgbouncer at \(settings.place)"
  }

  package func remaining(of plan: Plan) async throws(ControlError) -> Remaining {
    let database = try database(of: plan.request.dependency)
    let report = try await read([.databases, .pools, .servers, .configuration])
    guard let progress = ReconnectProgress(of: database, plan: plan, in: report) else {
      throw .failed("pgbouncer at \(settings.place) no longer lists the connections of \"\(database)\"")
    }
    return progress.remaining
  }
}

extension PgBouncerControl {
  private func database(of dependency: DependencyID) throws(ControlError) -> String {
    guard let database = databases[dependency] else {
      throw .refused("no database of pgbouncer \"\(settings.name)\" is configured for \(dependency)")
    }
    return database
  }

  private func read(
    _ listings: [ConsoleCommand.Listing], checkingRight: Bool = false
  ) async throws(ControlError) -> PgBouncerReport {
    do throws(PgBouncerError) {
      let commands = listings.map { ConsoleCommand.show($0) } + (checkingRight ? [.askForAdminRight] : [])
      let answers = try await console.ask(commands)
      if let refusal = answers.refusal(of: .askForAdminRight) {
        guard refusal.kind != .adminRequired else { throw refusal }
        refusedAt.withLock { $0 = nil }
      }
      return try PgBouncerReport(answers)
    } catch {
      throw refused(error)
    }
  }

  /// Takes over what the source knows of the DNS cache, where no look-up can have escaped it: an entry that lives for less
  /// than a poll, and the whole second that is rounded down, may read zero each time.
  private func learn(from dependency: Dependency, _ report: PgBouncerReport) {
    guard let reading = dependency.resolution?.owner, reading.source == .pgbouncer(settings.name),
      let longest = report.configuration?.dnsMaximumTTL, longest >= settings.interval + .seconds(1)
    else { return }
    cacheExpiry.withLock { $0.learn(reading, now: .now, at: .now()) }
  }

  /// The entries of PgBouncer's DNS cache, each with the time for which it may still be used.
  @discardableResult
  private func watch(_ hosts: [DNSHostRow]) -> [(DNSHostRow, Duration)] {
    let now = ContinuousClock.now
    return cacheExpiry.withLock { expiry in
      hosts.map { ($0, expiry.remaining(of: $0, now: now)) }
    }
  }

  private func refused(_ error: PgBouncerError) -> ControlError {
    switch error.kind {
    case .adminRequired:
      refusedAt.withLock { $0 = .now }
      return .refused(adminNeeded)
    case .commandRefused: return .refused(error.description)
    default: return .failed(error.description)
    }
  }

  private var adminNeeded: String {
    "user \"\(settings.user)\" of pgbouncer \"\(settings.name)\" may look but not act: add it to admin_users"
  }

  private func unlisted(_ database: String) -> String {
    "pgbouncer at \(settings.place) lists no database \"\(database)\""
  }

  /// Why nothing can be done for a dependency as it is read now; nil when something can.
  private func reasonAgainst(_ dependency: Dependency) -> String? {
    let source = SourceID.pgbouncer(settings.name)
    guard let database = databases[dependency.id] else { return "no PgBouncer is configured for it" }
    if let silent = dependency.silentSources.first(where: { $0.source == source }) {
      return "pgbouncer \"\(settings.name)\" does not answer: \(silent.reason)"
    }
    guard let pool = dependency.pools.first(where: { $0.source == source })?.value else {
      return "pgbouncer \"\(settings.name)\" has not reported a pool of database \"\(database)\""
    }
    if pool.isPaused { return "database \"\(database)\" is paused in PgBouncer: RESUME it first" }
    if pool.isDisabled { return "database \"\(database)\" is disabled in PgBouncer: ENABLE it first" }
    // The right may have been given since: it is asked for again after a minute.
    let refusal = refusedAt.withLock { $0 }
    return refusal.map { .now - $0 < .seconds(60) } == true ? adminNeeded : nil
  }

  private func reasonAgainst(_ verb: ActionVerb, _ dependency: Dependency) -> String? {
    if verb == .breaker { return "PgBouncer has no circuit breaker" }
    guard verb == .resolve, let host = dependency.host, IPAddress(host) != nil else { return nil }
    return "\(host) is an address: there is no name to look up"
  }
}
