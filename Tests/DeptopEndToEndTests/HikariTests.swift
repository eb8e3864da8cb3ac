import DeptopModel
import DeptopTestSupport
import Testing

/// A real HikariCP pool in a JVM, drained through its Jolokia agent by the product's own command.
@Suite(
  .serialized, .servers("postgres", "initdb", "java", "curl", nameServer: false), .hikariBridge, .timeLimit(.minutes(3))
)
struct HikariTests {
  @Test func `a pool under load is drained, every connection is another one, and no statement fails`() async throws {
    let address = IPAddress(v4: 0x7f00_0002)
    let postgres = try await PostgresServer.start(
      on: SocketAddress(address, port: try FreePort.tcp(on: [address])))
    let bridge = try await JVMBridge.start(database: postgres.address, pool: "main", connections: 5, workers: 8)
    let daemon = try await DaemonUnderTest.start(
      """
      sources: {jolokia: [{name: orders, url: "http://127.0.0.1:\(bridge.port)/jolokia", interval_seconds: 0.5}]}
      dependencies:
        - {name: orders-db, endpoint: "\(postgres.address)", probe: false, jolokia: {instance: orders, pool: main}}

      """)
    try await waitUntil("the pool is read", within: .seconds(30)) {
      let detail = try await daemon.detail(of: "orders-db")
      let pool = detail.dependency.pools.first?.value
      return pool?.size == 5 && pool?.max == 5 && detail.connections.count { $0.owner?.pid == bridge.pid } == 5
    }
    let before = try await bridge.stats()
    let old = Set(try await daemon.detail(of: "orders-db").connections.map(\.local.port))
    let drain = try await ProductCommand.deptop([
      "drain", "orders-db", "--scope", "all", "--yes", "--reason", "drill", "--socket", daemon.socketPath,
    ])
    #expect(drain.status == 0 && drain.output.contains("healed"), "\(drain)")
    try await waitUntil("five other connections are open") {
      let new = Set(try await daemon.detail(of: "orders-db").connections.map(\.local.port))
      return new.count == 5 && new.isDisjoint(with: old)
    }
    let after = try await bridge.stats()
    #expect(after.failures == 0, "\(after.lastFailure)")
    #expect(after.statements > before.statements + 50, "\(before.statements) \(after.statements)")
    #expect(Set(after.backends).subtracting(before.backends).count == 5, "\(before.backends) \(after.backends)")
    try await bridge.stop()
    try await postgres.stop()
  }
}
