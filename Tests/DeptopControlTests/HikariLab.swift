import DeptopConfiguration
import DeptopModel
import DeptopSources
import DeptopTestSupport

/// A PostgreSQL and an application with a HikariCP pool of five connections to it.
struct HikariLab {
  /// Every character in it means something in a URL, a bean's name or HikariCP's own form of that.
  static let pool = "orders (eu)/a!b %2F"

  let postgres: PostgresServer
  let bridge: JVMBridge

  static func start(workers: Int = 8) async throws -> HikariLab {
    let address = IPAddress(v4: 0x7f00_0002)
    let port = try FreePort.tcp(on: [address])
    let postgres = try await PostgresServer.start(on: SocketAddress(address, port: port))
    let bridge = try await JVMBridge.start(
      database: postgres.address, pool: pool, connections: 5, workers: workers)
    let lab = HikariLab(postgres: postgres, bridge: bridge)
    try await waitUntil("the pool is full") { try await lab.detail().connections.count == 5 }
    return lab
  }

  func stop() async throws {
    try await bridge.stop()
    try await postgres.stop()
  }

  var dependency: DependencySettings {
    var dependency = DependencySettings(name: "orders-db", host: "db.lab", port: postgres.address.port)
    dependency.jolokia = JolokiaPool(instance: "orders", pool: Self.pool)
    return dependency
  }

  /// What a collector would know: the kernel's connections with their owners, and the answers for the name.
  ///
  /// With a moment, the pool's address left the answers then.
  func detail(leftAt: WallTime? = nil) async throws -> DependencyDetail {
    var dependency = Dependency(
      id: "orders-db", kind: "postgres", host: "db.lab", port: postgres.address.port, origin: .configured)
    var resolution = Resolution(name: "db.lab")
    resolution.addresses = [leftAt == nil ? postgres.address.address : IPAddress(v4: 0x7f00_0003)]
    if let leftAt {
      resolution.history = [
        AddressHistory(
          address: postgres.address.address, firstSeenAt: leftAt, lastSeenAt: leftAt, leftAt: leftAt, absences: 3)
      ]
    }
    dependency.resolution = resolution
    return DependencyDetail(dependency: dependency, connections: try await connections(resolution))
  }

  private func connections(_ resolution: Resolution) async throws -> [DeptopModel.Connection] {
    guard case .connections(let observed)? = try await KernelSource(Settings()).poll().first else { return [] }
    return observed.filter { $0.sample.remote == postgres.address && $0.sample.state == .established }.map { seen in
      DeptopModel.Connection(
        cookie: String(seen.sample.cookie, radix: 16), local: seen.sample.local, remote: seen.sample.remote,
        state: "\(seen.sample.state)", owner: seen.owner, since: seen.firstSeenAt,
        isOlderThanSeen: seen.isOlderThanSeen, idle: nil, awaitingReply: seen.sample.awaitingReply, rtt: nil,
        retransmits: 0, unacknowledged: 0, standing: resolution.standing(of: seen.sample.remote.address), pool: nil)
    }
  }
}
