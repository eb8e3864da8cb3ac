import DeptopConfiguration
import DeptopModel

@testable import DeptopCollector

/// A moment, in seconds.
func at(_ seconds: Double) -> WallTime { WallTime(secondsSinceEpoch: seconds) }

/// The address 10.0.0.1 for A, 10.0.0.2 for B, and so on.
func address(_ letter: Character) -> IPAddress {
  IPAddress(v4: 0x0a00_0000 + (letter.asciiValue.map { UInt32($0) - 0x40 } ?? 0))
}

/// `A:5432`.
func end(_ letter: Character, _ port: UInt16 = 5432) -> SocketAddress { SocketAddress(address(letter), port: port) }

/// A local end on this host.
func local(_ port: UInt16) -> SocketAddress { SocketAddress(IPAddress(v4: 0xc0a8_0001), port: port) }

/// Settings with these dependencies, on port 5432 unless told otherwise: `name@host[:port]`.
func settings(_ dependencies: String...) -> Settings {
  var settings = Settings()
  settings.dependencies = dependencies.map { text in
    let parts = text.split(separator: "@").map(String.init)
    let place = parts[1].split(separator: ":").map(String.init)
    return DependencySettings(
      name: parts[0], host: place[0], port: place.count > 1 ? UInt16(place[1]) ?? 0 : 5432)
  }
  return settings
}

/// An established, idle connection.
func connection(
  _ local: SocketAddress, to remote: SocketAddress, state: SocketState = .established, cookie: UInt64? = nil,
  seenAt: WallTime = at(100), isOlder: Bool = false, owner: SocketOwner? = nil,
  _ change: (inout TCPInfo) -> Void = { _ in }
) -> ObservedConnection {
  var info = TCPInfo()
  change(&info)
  return ObservedConnection(
    sample: SocketSample(
      local: local, remote: remote, state: state, cookie: cookie ?? UInt64(local.port), info: info),
    owner: owner, firstSeenAt: seenAt, isOlderThanSeen: isOlder)
}

/// What a pool's owner says of one of its connections.
func held(
  _ local: SocketAddress, to remote: SocketAddress, isActive: Bool = false, connectedAt: WallTime? = nil
) -> PoolConnection {
  PoolConnection(
    local: local, remote: remote, state: isActive ? "active" : "idle", isActive: isActive, isClosing: false,
    connectedAt: connectedAt)
}

/// One resolver's answer of addresses.
func answer(_ name: String, _ addresses: String, resolver: String = "r1", ttl: Duration = .seconds(5)) -> Observation {
  .resolution(
    ResolverAnswer(name: name, resolver: resolver, outcome: .addresses(addresses.map(address), ttl: ttl)))
}

/// The status of a source that answers.
func status(_ id: SourceID, _ state: SourceStatus.State = .ok, error: String? = nil) -> SourceStatus {
  var status = SourceStatus(id: id, interval: .seconds(1))
  status.state = state
  status.error = error
  status.firstAttemptAt = at(1)
  status.lastSuccessAt = at(50)
  return status
}

/// A planned replacement of one connection.
func target(
  _ port: UInt16, to remote: SocketAddress, cookie: String? = nil, isActive: Bool = false, isStale: Bool = true
) -> PlanTarget {
  PlanTarget(
    cookie: cookie ?? String(port, radix: 16), local: local(port), remote: remote, isActive: isActive, isStale: isStale)
}

/// A plan as the ledger stores it.
func plan(
  _ id: PlanID = "p-1", verb: ActionVerb = .drain, dependency: DependencyID = "orders", targets: [PlanTarget] = [],
  destinations: [SocketAddress] = [], createdAt: WallTime = at(1000), drainTimeout: Duration = .seconds(30)
) -> Plan {
  Plan(
    id: id, digest: PlanDigest.of(targets, destinations), createdAt: createdAt,
    expiresAt: createdAt + ActionLedger.planLife, request: PlanRequest(verb: verb, dependency: dependency),
    targets: targets, destinations: destinations, lines: [], confirmation: .key, drainTimeout: drainTimeout)
}

let alice = Actor(uid: 1000, pid: 1, user: "alice")
let bob = Actor(uid: 1001, pid: 2, user: "bob")

extension RemotePlace {
  /// A place in the collector's own namespace.
  init(_ address: SocketAddress) {
    self.init(address, in: .own)
  }
}
