internal import DeptopModel

extension Dependency {
  /// Changes of a breaker's state that tell whether it flaps.
  private static let transitionsShown = 8

  /// The dependency as a table needs it: several clients' pools added up, quiet breakers as one, no phases and no
  /// trend.
  var row: Dependency {
    guard pools.count > 1 || !breakers.isEmpty || calls?.value.phases != nil || policy != nil || trend != nil
    else { return self }
    var row = self
    if pools.count > 1 { row.pools = [PoolReading.sum(pools)].compactMap { $0 } }
    row.breakers = Dependency.rows(of: breakers)
    row.calls?.value.phases = nil
    row.policy = nil
    row.trend = nil
    return row
  }

  private static func rows(of breakers: [Reading<BreakerReading>]) -> [Reading<BreakerReading>] {
    var rows: [Reading<BreakerReading>] = []
    var quiet: Reading<BreakerReading>?
    for reading in breakers {
      if reading.value.state == .closed, reading.value.transitions.isEmpty {
        let count = (quiet?.value.standsFor ?? 0) + 1
        quiet = quiet ?? reading
        quiet?.value.standsFor = count
      } else {
        rows.append(reading)
        rows[rows.count - 1].value.transitions = reading.value.transitions.suffix(transitionsShown)
      }
    }
    if quiet?.value.standsFor == 1 { quiet?.value.standsFor = nil }
    return rows + [quiet].compactMap { $0 }
  }
}

extension PoolReading {
  /// All clients' pools as one reading; a count that any of them lacks is nil, as their sum is not known.
  fileprivate static func sum(_ pools: [Reading<PoolReading>]) -> Reading<PoolReading>? {
    guard let newest = pools.max(by: { $0.observedAt < $1.observedAt }) else { return nil }
    let values = pools.map(\.value)
    let total = PoolReading(
      client: "\(values.count) clients", active: values.reduce(0) { $0 + $1.active }, idle: sum(values.map(\.idle)),
      transitional: values.reduce(0) { $0 + $1.transitional }, pending: sum(values.map(\.pending)),
      max: sum(values.map(\.max)), oldestWait: values.compactMap(\.oldestWait).max(),
      isPaused: values.contains(where: \.isPaused), isDisabled: values.contains(where: \.isDisabled))
    return Reading(total, source: newest.source, observedAt: newest.observedAt)
  }

  private static func sum(_ counts: [Int?]) -> Int? {
    counts.reduce(0) { sum, count in sum.flatMap { sum in count.map { sum + $0 } } }
  }
}
