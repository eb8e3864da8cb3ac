import DeptopDiagnosis
import DeptopModel

/// A dependency with four connections to one address, two of which are dead; what tests vary is in its properties.
struct Stuck {
  static let address = IPAddress(v4: 0x0a00_0307)
  static let other = IPAddress(v4: 0x0a00_0308)

  var established = 4
  var conditions = SocketConditions()
  /// The probes of the last round, by their address; nil for one that failed.
  var probes: [(address: IPAddress, time: Duration?)] = [(Stuck.address, .milliseconds(1))]
  var probedAt = moment - .seconds(1)
  /// The address, if any, that was last probed ten minutes before the others.
  var forgotten: IPAddress?
  var failures: UInt64 = 5
  var uses: [AddressUse]?
  var clients: [ClientConnections] = []
  var path: NetworkPath?
  var pools: [PoolReading] = []

  init() {
    conditions.dead = 2
    conditions.deadSince = moment - .seconds(4)
    conditions.deadIdleBefore = [.seconds(31), .seconds(31.2)]
    conditions.deadMeanRetransmit = 100
    conditions.deadSegmentSize = 1448
    conditions.deadAddresses = [Stuck.address]
  }

  /// The same without a dead connection.
  static var alive: Stuck {
    var stuck = Stuck()
    stuck.conditions = SocketConditions()
    return stuck
  }

  var dependency: Dependency {
    var made = DeptopDiagnosisTests.dependency()
    let use = AddressUse(
      address: Stuck.address, connections: established, idle: 0, standing: .current, newestSince: moment - .seconds(60))
    made.sockets = Reading(
      SocketSummary(
        established: established, connecting: 0, closing: 0, idle: 0, oldestSince: nil, isOldestOlder: false,
        rttMedian: nil, retransmits: 0, clients: clients, addresses: uses ?? [use], conditions: conditions),
      source: "kernel", observedAt: moment)
    if !probes.isEmpty {
      let addresses = probes.map { address, time in
        AddressConnect(
          address: address, attempts: 20, failures: time == nil ? failures : 0,
          lastAt: address == forgotten ? probedAt - .seconds(600) : probedAt, last: time,
          lastFailure: time == nil ? "no answer within 1 s" : nil)
      }
      made.connect = ConnectSummary(addresses: addresses, source: "probe", histogram: Histogram())
    }
    made.path = path
    made.pools = pools.map { Reading(reported: $0) }
    return made
  }

  func finding(_ rule: some Rule, at now: WallTime = moment) -> Finding? { rule.finding(for: dependency, at: now) }

  /// A path of which these silences are known.
  static func path(
    survived: Double? = nil, failed: Double? = nil, declared: Double? = nil
  ) -> NetworkPath {
    var path = NetworkPath()
    path.survivedIdle = survived.map { .seconds($0) }
    path.failedIdle = failed.map { .seconds($0) }
    path.declaredIdleTimeout = declared.map { .seconds($0) }
    return path
  }

  /// A path whose check saw packets pass and one not.
  static func path(largest: Int?, lost: Int?, overlay: String? = nil, at time: WallTime = moment) -> NetworkPath {
    var path = NetworkPath()
    var check = PathCheck(address: SocketAddress(address, port: 5432))
    (check.largestPacket, check.smallestLost, check.overlay) = (largest, lost, overlay)
    (path.check, path.checkedAt) = (check, time)
    return path
  }
}
