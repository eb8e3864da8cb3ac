import DeptopConfiguration
import DeptopKernel
import DeptopModel
import DeptopSources
import DeptopTestSupport
import Testing

@Suite struct PathSourceTests {
  private func settings(_ address: SocketAddress, kind: ServiceKind, isSizeProbed: Bool = true) -> Settings {
    var settings = Settings()
    settings.probe.timeout = .seconds(5)
    var dependency = DependencySettings(name: "db", host: "\(address.address)", port: address.port)
    dependency.kind = kind
    dependency.path.isSizeProbed = isSizeProbed
    settings.dependencies = [dependency]
    return settings
  }

  /// Polls until a check of the path is as wanted.
  private func check(
    _ source: ProbeSource, where isWanted: (PathCheck) -> Bool
  ) async throws -> PathCheck {
    var latest: PathCheck?
    try await waitUntil("the path is checked", within: .seconds(60)) {
      for case .path("db", let check) in try await source.poll() { latest = check }
      return latest.map(isWanted) ?? false
    }
    return try #require(latest)
  }

  private func surroundings(_ lab: PathLab, peers: Set<SocketAddress>, known: Bool = true) -> HostSurroundings {
    let id = NamespaceID(4_026_532_000)
    let directory = NamespaceDirectory()
    directory.replace(with: [
      NamespaceDirectory.Entry(id: id, label: "lab", pid: lab.clientPID, resolverText: nil, peers: peers)
    ])
    let access = LabAccess(namespace: known ? id : NamespaceID(1), sockets: lab.clientSockets)
    return HostSurroundings(access: access, namespaces: directory)
  }

  @Test(.servers("redis-server", nameServer: false)) func `polls bring the path's check beside the connections`()
    async throws
  {
    let server = try await RedisServer.start(on: IPAddress(v4: 0x7f00_0001))
    let source = ProbeSource(settings: settings(server.address, kind: "redis"))
    let check = try await check(source) { $0.largestPacket != nil && $0.firstByte != nil }
    #expect(check.address == server.address)
    #expect(check.largestPacket == SizeSearch.largestPacket)
    #expect(check.smallestLost == nil && check.sizeProblem == nil && check.firstByteFailure == nil)
  }

  @Test(.servers("redis-server", nameServer: false)) func `sizes are not tried where the configuration says so`()
    async throws
  {
    let server = try await RedisServer.start(on: IPAddress(v4: 0x7f00_0001))
    let source = ProbeSource(settings: settings(server.address, kind: "redis", isSizeProbed: false))
    _ = try await check(source) { $0.firstByte != nil }
    source.checkPathNow(["db"])
    let check = try await check(source) { $0.firstByte != nil }
    #expect(check.largestPacket == nil && check.sizeProblem == nil)
  }

  @Test func `a dependency that cannot be connected to has no check`() async throws {
    let closed = try LoopbackListener().address
    let source = ProbeSource(settings: settings(closed, kind: "redis"))
    for _ in 0..<3 {
      let observations = try await source.poll()
      #expect(
        observations == [
          .connect("db", ConnectAttempt(address: closed, duration: nil, failure: "connection refused"))
        ])
    }
  }

  @Test(
    .namespaces, .servers("redis-server", "ip", "nft", "nsenter", "unshare", nameServer: false))
  func `a dependency is probed from the namespace that is connected to it`() async throws {
    let lab = try await PathLab(farMTU: 1400)
    let server = try await RedisServer.start(
      on: PathLab.serverAddress, port: 6379, launcher: lab.serverLauncher, sockets: lab.clientSockets)
    let settings = settings(server.address, kind: "redis")
    let source = ProbeSource(settings: settings, host: surroundings(lab, peers: [server.address]))
    let check = try await check(source) { $0.largestPacket != nil && $0.firstByte != nil }
    #expect(check.largestPacket == 1400 && check.smallestLost == 1401)
    #expect(check.overlay == "VPN or custom")
    let observations = try await source.poll()
    let attempts = observations.compactMap { if case .connect("db", let attempt) = $0 { attempt } else { nil } }
    #expect(attempts.count == 1)
    #expect(attempts.first?.duration != nil)
    #expect(observations.contains(.remarks([])))
  }

  @Test(.namespaces, .servers("ip", "nft", "nsenter", "unshare", nameServer: false))
  func `a namespace without sockets is a remark and no failure of the dependency`() async throws {
    let lab = try await PathLab(farMTU: 1400)
    let address = SocketAddress(PathLab.serverAddress, port: 6379)
    let source = ProbeSource(
      settings: settings(address, kind: "redis"), host: surroundings(lab, peers: [address], known: false))
    #expect(
      try await source.poll() == [
        .remarks(["no socket in net:[4026532000]: there is no namespace net:[4026532000]"])
      ])
  }

  @Test func `without a connection in another namespace the own one is probed from`() async throws {
    let listener = try LoopbackListener()
    let directory = NamespaceDirectory()
    directory.replace(with: [
      NamespaceDirectory.Entry(id: NamespaceID(7), label: "a", pid: 1, resolverText: nil, peers: [])
    ])
    let access = LabAccess(namespace: NamespaceID(7), sockets: LabSockets(pid: 1))
    let source = ProbeSource(
      settings: settings(listener.address, kind: "kafka"), host: HostSurroundings(access: access, namespaces: directory)
    )
    let observations = try await source.poll()
    guard case .connect("db", let attempt) = observations.first else {
      Issue.record("no connection")
      return
    }
    #expect(attempt.failure == nil)
  }
}
