internal import DeptopConfiguration
internal import DeptopModel
internal import DeptopPgBouncer

/// What a `RECONNECT` would do to the server connections of one database, as of one reading.
struct ReconnectOutlook {
  let database: String
  let targets: [PlanTarget]
  /// Targets that are not in this host's socket table.
  let unmatched: Int
  let waitingCallers: Int
  let mode: String?
  let hostNames: [String]
  let cache: [DNSHostRow]
  let cacheLimit: Duration?
  /// The addresses in the answers now; nil when the name has no answer, or there is no name.
  let current: Set<IPAddress>?
  let drainTimeout: Duration
  private let place: String

  /// Joins PgBouncer's list of its connections with the kernel's.
  ///
  /// - Throws: ``ControlError/refused(_:)`` when the database cannot be reconnected now.
  init(
    of name: String, in report: PgBouncerReport, detail: DependencyDetail, settings: PgBouncerSettings
  ) throws(ControlError) {
    guard let row = report.database(name) else {
      throw .refused("pgbouncer at \(settings.place) lists no database \"\(name)\"")
    }
    if row.isPaused { throw .refused("database \"\(name)\" is paused in PgBouncer: RESUME it first") }
    if row.isDisabled { throw .refused("database \"\(name)\" is disabled in PgBouncer: ENABLE it first") }
    guard let servers = report.servers(of: name) else {
      throw .failed("the server connections of \"\(name)\" could not be read from pgbouncer at \(settings.place)")
    }
    database = name
    place = settings.place
    drainTimeout = settings.drainTimeout
    targets = ReconnectOutlook.targets(servers, detail)
    unmatched = targets.count { $0.cookie.isEmpty }
    waitingCallers = report.pool(of: name, client: "")?.pending ?? 0
    mode = report.mode(of: row)
    hostNames = row.hosts.filter { IPAddress($0) == nil }
    cache = report.dnsHosts(of: row)
    cacheLimit = report.configuration?.dnsMaximumTTL
    let answers = detail.dependency.resolution?.addresses ?? []
    current = answers.isEmpty ? nil : Set(answers)
  }

  private static func targets(_ servers: [ServerRow], _ detail: DependencyDetail) -> [PlanTarget] {
    let kernel = Dictionary(
      detail.connections.map { (ConnectionEnds(local: $0.local, remote: $0.remote), $0) }, uniquingKeysWith: { $1 })
    return servers.compactMap { server in
      guard let local = server.local, let remote = server.remote else { return nil }
      let connection = kernel[ConnectionEnds(local: local, remote: remote)]
      return PlanTarget(
        cookie: connection?.cookie ?? "", local: local, remote: remote, isActive: server.isActive,
        isStale: (connection?.standing ?? detail.dependency.resolution?.standing(of: remote.address))?.isStale ?? false)
    }
  }

  /// - Throws: ``ControlError/refused(_:)`` when there is nothing that the request could cure.
  func preparation(for request: PlanRequest) throws(ControlError) -> Preparation {
    try refuseWhatCannotCure(request)
    var preparation = Preparation(
      targets: targets, lines: lines(for: request),
      confirmation: targets.contains(where: \.isActive) ? .typeName : .key,
      drainTimeout: drainTimeout)
    preparation.awaitsNames = true
    return preparation
  }

  private func refuseWhatCannotCure(_ request: PlanRequest) throws(ControlError) {
    if request.verb == .resolve && hostNames.isEmpty {
      throw .refused("PgBouncer reaches \"\(database)\" by address: there is no name to look up")
    }
    if targets.isEmpty {
      throw .refused(
        "pgbouncer at \(place) holds no TCP connection of \"\(database)\": the next one that a caller needs "
          + "looks the name up by itself")
    }
    if request.verb == .drain && request.scope == .stale && !targets.contains(where: \.isStale) {
      throw .refused(
        "none of the \(targets.count) connections of \"\(database)\" is on an address that left DNS; "
          + "scope all replaces them nevertheless")
    }
  }
}

/// The two ends of a connection.
struct ConnectionEnds: Hashable {
  var local: SocketAddress
  var remote: SocketAddress
}
