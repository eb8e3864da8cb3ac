internal import DeptopBlocking
import DeptopConfiguration
import DeptopModel
import DeptopSources
import DeptopTestSupport
import Testing

@Suite struct HandshakeCheckTests {
  private static let loopback = IPAddress(v4: 0x7f00_0001)

  private func check(
    _ kind: ServiceKind, at address: SocketAddress, host: String = "localhost", timeout: Duration = .seconds(10)
  ) async -> HandshakeFindings? {
    var settings = DependencySettings(name: "a", host: host, port: address.port)
    settings.kind = kind
    let check = HandshakeCheck(
      address: address, host: host, sockets: OwnSockets(), timeout: timeout, speech: PathProtocol(settings))
    return await BlockingThread().run { check.findings(interrupt: Interrupt()) }
  }

  private func checkBoth(_ findings: HandshakeFindings?) throws {
    let findings = try #require(findings)
    #expect(findings.tlsFailure == nil)
    #expect(findings.firstByteFailure == nil)
    #expect(try #require(findings.tlsHandshake) > .zero)
    #expect(try #require(findings.firstByte) > .zero)
  }

  @Test(.servers("openssl", nameServer: false), arguments: ["localhost", "127.0.0.1", "self-signed.example"])
  func `a TLS server is timed whoever signed its certificate`(host: String) async throws {
    let server = try await TLSServer.start()
    try checkBoth(await check("https", at: server.address, host: host))
  }

  @Test(.servers("openssl", nameServer: false)) func `other protocols over TLS have a handshake and no first byte`()
    async throws
  {
    let server = try await TLSServer.start()
    let findings = try #require(await check("ldaps", at: server.address))
    #expect(findings.tlsHandshake != nil)
    #expect(findings.firstByte == nil && findings.firstByteFailure == nil && findings.tlsFailure == nil)
  }

  @Test(.servers("redis-server", nameServer: false)) func `a Redis answers its ping`() async throws {
    let server = try await RedisServer.start(on: HandshakeCheckTests.loopback)
    let findings = try #require(await check("redis", at: server.address))
    #expect(findings.firstByteFailure == nil)
    #expect(try #require(findings.firstByte) > .zero)
    #expect(findings.tlsHandshake == nil && findings.tlsFailure == nil)
  }

  @Test(.servers("redis-server", nameServer: false)) func `a server without TLS fails the handshake`() async throws {
    let server = try await RedisServer.start(on: HandshakeCheckTests.loopback)
    let findings = try #require(await check("https", at: server.address, timeout: .seconds(2)))
    #expect(findings.tlsHandshake == nil)
    #expect(findings.tlsFailure?.isEmpty == false)
  }

  @Test(.servers("postgres", nameServer: false)) func `a PostgreSQL answers whether it speaks TLS`() async throws {
    let port = try FreePort.tcp(on: [HandshakeCheckTests.loopback])
    let server = try await PostgresServer.start(on: SocketAddress(HandshakeCheckTests.loopback, port: port))
    let findings = try #require(await check("postgres", at: server.address))
    #expect(findings.firstByteFailure == nil)
    #expect(try #require(findings.firstByte) > .zero)
    try await server.stop()
  }

  @Test func `an HTTP server answers a request for its headers`() async throws {
    let server = try ScriptedHTTPServer.start { _ in .reply(status: 200) }
    let address = try #require(server.address)
    let findings = try #require(await check("http", at: address))
    #expect(findings.firstByteFailure == nil)
    #expect(try #require(findings.firstByte) > .zero)
    #expect(server.requests.map(\.method) == ["HEAD"])
  }

  @Test func `a server that never speaks has no first byte`() async throws {
    let listener = try LoopbackListener()
    let findings = try #require(await check("mysql", at: listener.address, timeout: .milliseconds(200)))
    #expect(findings.firstByte == nil)
    #expect(findings.firstByteFailure == "timed out after 0.2 s")
  }

  @Test func `a server that does not shake hands fails in time`() async throws {
    let listener = try LoopbackListener()
    let findings = try #require(await check("https", at: listener.address, timeout: .milliseconds(200)))
    #expect(findings.tlsHandshake == nil)
    #expect(findings.tlsFailure == "no handshake in time")
  }

  @Test(arguments: ["https", "redis"]) func `a refused connection is told`(kind: String) async throws {
    let closed = try LoopbackListener().address
    let findings = try #require(await check(ServiceKind(rawValue: kind), at: closed))
    #expect((findings.tlsFailure ?? findings.firstByteFailure) == "connection refused")
  }

  @Test(arguments: ["https", "redis"]) func `a check that is given up has nothing to tell`(kind: String) async throws {
    let listener = try LoopbackListener()
    let settings = DependencySettings(name: "a", host: "localhost", port: kind == "https" ? 443 : 6379)
    let interrupt = Interrupt()
    interrupt.raise()
    let check = HandshakeCheck(
      address: listener.address, host: "localhost", sockets: OwnSockets(), timeout: .seconds(60),
      speech: PathProtocol(settings))
    #expect(await BlockingThread().run { check.findings(interrupt: interrupt) } == nil)
  }
}
