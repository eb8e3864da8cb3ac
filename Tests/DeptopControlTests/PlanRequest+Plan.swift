import DeptopControl
import DeptopModel
import DeptopTestSupport

extension Preparation {
  /// The plan that an engine would store, for the addresses that DNS gives now.
  func plan(for request: PlanRequest, destinations: [SocketAddress]) -> Plan {
    Plan(
      id: "plan-1", digest: "", createdAt: .now(), expiresAt: .now() + .seconds(60), request: request,
      targets: targets, destinations: destinations, lines: lines, confirmation: confirmation,
      drainTimeout: drainTimeout)
  }

  /// The texts of the lines with a label.
  func texts(_ label: String) -> [String] {
    lines.filter { $0.label == label }.map(\.text)
  }
}

extension PgBouncerLab {
  /// What a collector would know of the dependency: the kernel's connections, the answers now, and the answers
  /// before.
  func detail(
    current: [IPAddress], left: [IPAddress] = [],
    pool: PoolReading? = PoolReading(client: "pgbouncer/main", active: 0, idle: 0)
  ) throws -> DependencyDetail {
    var dependency = Dependency(
      id: "orders-db", kind: "postgres", host: "db.lab", port: first.address.port, origin: .configured)
    dependency.pools = pool.map { [Reading($0, source: "pgbouncer/main", observedAt: .now())] } ?? []
    var resolution = Resolution(name: "db.lab")
    resolution.addresses = current
    resolution.history = left.map {
      AddressHistory(address: $0, firstSeenAt: .now(), lastSeenAt: .now(), leftAt: .now(), absences: 3)
    }
    dependency.resolution = resolution
    let connections = try SocketTable.connections(toPort: first.address.port).map { connection in
      var connection = connection
      let address = connection.remote.address
      connection.standing = current.contains(address) ? .current : left.contains(address) ? .left : .neverAnswered
      return connection
    }
    return DependencyDetail(dependency: dependency, connections: connections)
  }
}
