import DeptopModel
import DeptopScreen
import DeptopTestSupport
import Testing

/// Processes in other network namespaces, with a name server of their own and behind translated addresses.
@Suite(
  .serialized, .networkLab("redis-server", "redis-cli", "curl", "dnsmasq"), .pythonPackages, .timeLimit(.minutes(2)))
struct NetworkViewTests {
  private let redis = SocketAddress(NetworkLab.server, port: 6379)
  private let second = SocketAddress(NetworkLab.secondServer, port: 6379)
  private let elsewhere = IPAddress(v4: 0x0a4d_0909)
  private let service = IPAddress(v4: 0x0a60_000a)

  @Test func `a process that gets another answer to a name is held against its own answer`() async throws {
    let lab = try await NamedLab.start("orders.lab", inside: NetworkLab.server, outside: elsewhere)
    let server = try await RedisServer.start(on: redis, launcher: lab.network.db.launcher)
    let client = try await LineClient.start(to: "orders.lab", port: 6379, connections: 2, launcher: lab.launcher)
    let daemon = try await DaemonUnderTest.start(lab.configuration(of: "orders"), beside: lab.network)
    let namespace = NamespaceID(try lab.network.app.inode)
    let detail = try await daemon.waitForDetail(of: "orders", "its connections, and both answers") { detail in
      detail.dependency.resolution?.addresses == [elsewhere]
        && detail.dependency.views.contains { $0.resolution.addresses == [NetworkLab.server] }
        && detail.connections.count { $0.state == "established" } >= 2
    }
    let view = try #require(detail.dependency.views.first)
    #expect(view.namespace == namespace && view.resolution.resolvers.first?.value.resolver == "127.0.0.1:53", "\(view)")
    #expect(detail.connections.allSatisfy { $0.namespace == namespace && $0.standing == .current }, "\(detail)")
    let use = try #require(detail.dependency.sockets?.value.addresses.first { $0.address == NetworkLab.server })
    #expect(use.namespace == namespace && use.standing == .current, "\(use)")
    try await checkNoDrift(of: "orders", daemon)

    let status = try #require(try await daemon.snapshot().namespaces.first { $0.id == namespace })
    #expect(status.nameservers == ["127.0.0.1"] && status.problem == nil, "\(status)")
    let dashboard = try DashboardUnderTest(of: daemon, size: .init(columns: 160, rows: 50))
    try dashboard.wait(for: "orders")
    try dashboard.select("orders")
    try dashboard.press("\r", untilItShows: "10.77.9.9")
    try dashboard.wait(for: "10.77.2.10")
    #expect(try dashboard.quit() == .exited(0))

    // Its own name server changes its mind: that is drift, in that view alone.
    try await lab.inside.replaceHosts([("orders.lab", ["10.77.2.11"])])
    try await daemon.waitForDetail(of: "orders", "what left its own answers", within: .seconds(40)) { detail in
      detail.dependency.sockets?.value.addresses.first { $0.address == NetworkLab.server }?.standing == .left
    }
    try await client.stop()
    try await server.stop()
  }

  @Test func `a service address that is translated on the host shows its real peers and no drift`() async throws {
    let lab = try await NamedLab.start("catalog.lab", inside: service, outside: service)
    let servers = [
      try await RedisServer.start(on: redis, launcher: lab.network.db.launcher),
      try await RedisServer.start(on: second, launcher: lab.network.db.launcher),
    ]
    try await lab.network.translate(
      SocketAddress(service, port: 6379), to: [redis.address, second.address], by: .client)
    let client = try await LineClient.start(to: "catalog.lab", port: 6379, connections: 4, launcher: lab.launcher)
    #expect(try await client.exchange().values.allSatisfy { $0 == .reply })
    let daemon = try await DaemonUnderTest.start(lab.configuration(of: "catalog"), beside: lab.network)
    let detail = try await daemon.waitForDetail(of: "catalog", "four connections and where they go") { detail in
      detail.connections.count { $0.translated != nil } >= 4 && !detail.dependency.views.isEmpty
    }
    let use = try #require(detail.dependency.sockets?.value.addresses.first { $0.address == service })
    #expect(use.translated == [redis, second] && use.standing == .current, "\(use)")
    let ours = detail.connections.filter { $0.owner?.pid == client.pid }
    #expect(ours.count == 4 && Set(ours.compactMap(\.translated)) == [redis, second], "\(ours)")
    #expect(ours.allSatisfy { $0.remote.address == service })
    try await checkNoDrift(of: "catalog", daemon)
    try await client.stop()
    for server in servers { try await server.stop() }
  }

  @Test func `what is translated further away is not guessed, and no drift is claimed`() async throws {
    let lab = try await NamedLab.start("catalog.lab", inside: NetworkLab.server, outside: NetworkLab.server)
    let server = try await RedisServer.start(on: redis, launcher: lab.network.db.launcher)
    try await lab.network.translate(SocketAddress(service, port: 6379), to: [redis.address], by: .router)
    // It was given the service's address, not the name.
    let client = try await LineClient.start(to: "\(service)", port: 6379, connections: 2, launcher: lab.launcher)
    #expect(try await client.exchange().values.allSatisfy { $0 == .reply })
    let daemon = try await DaemonUnderTest.start(lab.configuration(of: "catalog"), beside: lab.network)
    let name = "\(service):6379"
    let detail = try await daemon.waitForDetail(of: name, "two connections") { $0.connections.count == 2 }
    #expect(detail.connections.allSatisfy { $0.translated == nil && $0.remote.address == service }, "\(detail)")
    #expect(detail.dependency.sockets?.value.addresses.allSatisfy { $0.translated.isEmpty } ?? false)
    try await checkNoDrift(of: name, daemon)
    try await client.stop()
    try await server.stop()
  }

  /// Over as many snapshots as a rule needs to be sure.
  private func checkNoDrift(of name: String, _ daemon: DaemonUnderTest) async throws {
    try await daemon.waitForSnapshots(6)
    let findings = try await daemon.snapshot().findings.filter { $0.dependency.rawValue == name && $0.rule == "M04" }
    #expect(findings.isEmpty, "\(findings.map(\.text))")
  }
}
