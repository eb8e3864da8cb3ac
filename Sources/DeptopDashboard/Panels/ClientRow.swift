internal import DeptopModel

/// What is known of one client of a dependency: its pool, its breaker, and its own report.
struct ClientRow: Sendable {
  var name: String
  var pool: Reading<PoolReading>?
  /// The worst of its breakers.
  var breaker: Reading<BreakerReading>?
  var detail: ClientDetail?

  /// One row for each pool, and for each client that reports something else; worst first, then by name.
  static func rows(of dependency: Dependency, _ detail: DependencyDetail?) -> [ClientRow] {
    var reports: [String: ClientDetail] = [:]
    for client in detail?.clients ?? [] { reports[client.client.name] = client }
    var breakers: [String: Reading<BreakerReading>] = [:]
    for breaker in dependency.breakers where breakers[breaker.value.client] == nil {
      breakers[breaker.value.client] = breaker
    }
    let pooled = Set(dependency.pools.map(\.value.client))
    let others = Set(breakers.keys).union(reports.keys).subtracting(pooled)
    let rows =
      dependency.pools.map { ClientRow(name: $0.value.client, pool: $0) } + others.map { ClientRow(name: $0) }
    return rows.map { row in
      var row = row
      (row.breaker, row.detail) = (breakers[row.name], reports[row.name])
      return row
    }.sorted(by: precedes)
  }

  /// Who says so; nil for a row that nothing is known of.
  var source: SourceID? { pool?.source ?? detail?.source ?? breaker?.source }
  /// False when nothing but the client's own word says who it is.
  var isVerified: Bool { detail?.client.isVerified ?? true }

  /// When the oldest of its connections was opened, where it lists them.
  var oldestConnection: WallTime? { detail?.report.connections?.compactMap(\.connectedAt).min() }

  private static func precedes(_ left: ClientRow, _ right: ClientRow) -> Bool {
    let (first, second) = (left.badness, right.badness)
    return first == second ? left.name < right.name : first > second
  }

  private var badness: (Int, Int) {
    (breaker?.value.state.severity ?? 0, pool?.value.exhaustedPending == nil ? 0 : 1)
  }
}
