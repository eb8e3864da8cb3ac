import DeptopConfiguration
import DeptopKernel
import DeptopModel
import DeptopSources
import DeptopTestSupport
import Glibc
import Testing

@Suite("Kernel source")
struct KernelSourceTests {
  private func connections(of source: KernelSource) async throws -> [ObservedConnection] {
    let observations = try await source.poll()
    guard case .connections(let connections) = observations.first else {
      Issue.record("expected the connections first, not \(observations)")
      return []
    }
    return connections
  }

  @Test func `there is one instance, whatever is configured`() {
    let instances = KernelSource.instances(in: Settings(), on: HostSurroundings())
    #expect(instances.map(\.id) == ["kernel"])
    #expect(instances.allSatisfy { $0.dependencies.isEmpty })
    #expect(instances.map(\.schedule.interval) == [KernelSettings().interval])
  }

  @Test(.enabled(if: SocketStatistics.isInstalled, "needs iproute2"))
  func `the outbound connections are those of ss, with the same owners`() async throws {
    let families: [KernelLoopback.Family] = [.v4, .v6, .mapped]
    let listeners = try families.map { try KernelLoopback.Listener($0) }
    let clients = try listeners.flatMap { listener in
      try (0..<5).map { _ in try KernelLoopback.Client(to: listener) }
    }
    // The mapped socket and the plain one talk to the same kind of listener.
    let plainToMapped = try KernelLoopback.Client(to: listeners[2], as: .v4)
    let accepted = try listeners.map { try $0.accept() }

    let ports = Set(listeners.map(\.port))
    let source = KernelSource(Settings())
    var swept: [ObservedConnection] = []
    // On a busy host the search for owners takes more than one sweep.
    try await waitUntil("the owners are known") {
      swept = try await connections(of: source).filter { ports.contains($0.sample.remote.port) }
      return swept.allSatisfy { $0.owner != nil }
    }
    let own = Set(
      swept.map {
        SocketStatistics.Row(local: $0.sample.local, remote: $0.sample.remote, pid: $0.owner?.pid)
      })
    let expected = try SocketStatistics.rows().filter { ports.contains($0.remote.port) }

    #expect(own == Set(expected))
    #expect(own.count == 16)
    #expect(own.allSatisfy { $0.pid == getpid() })
    withExtendedLifetime((clients, plainToMapped, accepted)) {}
  }

  @Test func `an accepted connection stays inbound after its listener closed`() async throws {
    let source = KernelSource(Settings())
    let listener = try KernelLoopback.Listener(.v4)
    let port = listener.port
    let client = try KernelLoopback.Client(to: listener)
    let accepted = try listener.accept()
    _ = try await connections(of: source)
    try listener.stopListening()

    let after = try await connections(of: source)
    #expect(after.contains { $0.sample.local == client.local })
    #expect(!after.contains { $0.sample.local.port == port })
    withExtendedLifetime((client, accepted)) {}
  }

  @Test func `a connection opened between two sweeps is as old as it looks`() async throws {
    let source = KernelSource(Settings())
    let listener = try KernelLoopback.Listener(.v6)
    let first = try KernelLoopback.Client(to: listener)
    _ = try await connections(of: source)
    let between = WallTime.now()
    let second = try KernelLoopback.Client(to: listener)

    let swept = try await connections(of: source)
    let old = try #require(swept.first { $0.sample.local == first.local })
    let young = try #require(swept.first { $0.sample.local == second.local })
    #expect(old.isOlderThanSeen && old.firstSeenAt <= between)
    #expect(!young.isOlderThanSeen && young.firstSeenAt >= between)
    #expect(young.sample.info?.sendMSS ?? 0 > 0)
    #expect(young.sample.state == .established)
  }

  @Test func `data that nothing has read stands in the receive queue`() async throws {
    let listener = try KernelLoopback.Listener(.v4)
    let client = try KernelLoopback.Client(to: listener)
    let accepted = try listener.accept()
    #expect(unsafe send(accepted.number, [1, 2, 3] as [UInt8], 3, 0) == 3)
    let swept = try await connections(of: KernelSource(Settings()))
    let connection = try #require(swept.first { $0.sample.local == client.local })
    #expect(connection.sample.receiveQueue == 3)
    #expect(connection.sample.info?.bytesReceived == 3)
  }

  @Test func `a timeout that is over before it begins is told as such`() {
    var diagnostics = SocketDiagnostics()
    #expect(throws: SocketDiagnosticsError.timedOut(after: .nanoseconds(1))) {
      try diagnostics.sweep(timeout: .nanoseconds(1))
    }
  }

  @Test(arguments: [SocketDiagnostics.Walk.bothFamilies, .eachFamily])
  func `either walk of the tables finds both families`(walk: SocketDiagnostics.Walk) throws {
    let families: [KernelLoopback.Family] = [.v4, .v6, .mapped]
    let listeners = try families.map { try KernelLoopback.Listener($0) }
    let clients = try listeners.map { try KernelLoopback.Client(to: $0) }
    let filter = try #require(SocketFilter(side: .remote, ports: listeners.map(\.port) + [0]))
    var diagnostics = SocketDiagnostics(walk: walk)
    for chosen in [nil, filter] {
      let table = try diagnostics.sweep(chosen, timeout: .seconds(10))
      let found = table.connections.filter { connection in clients.contains { $0.local == connection.local } }
      #expect(Set(found.map(\.local)) == Set(clients.map(\.local)))
      #expect(found.count == clients.count)
      let ports = table.listeners.map(\.address.port)
      #expect(listeners.allSatisfy { listener in ports.count { $0 == listener.port } == 1 })
      let isV6Only = listeners.map { listener in
        table.listeners.first { $0.address.port == listener.port }?.isV6Only
      }
      // The system sets it for a socket that is bound to one IPv6 address.
      #expect(isV6Only == [nil, true, false])
    }
  }

  @Test func `a sweep is measured`() throws {
    let listener = try KernelLoopback.Listener(.v4)
    let client = try KernelLoopback.Client(to: listener)
    var probe = SweepProbe()
    let measurement = try probe.measureSweep(timeout: .seconds(10))
    #expect(measurement.connections >= 2)
    #expect(measurement.dependencies >= 1)
    #expect(measurement.processorTime > .zero && measurement.wallTime > .zero)
    withExtendedLifetime(client) {}
  }

  @Test(arguments: [
    (SocketDiagnosticsError.refused(errno: ENOENT), "the kernel has no tcp_diag"),
    (.system(.open, errno: EACCES), "Permission denied"),
    (.timedOut(after: .seconds(2)), "2.0 seconds"),
    (.malformed(.messageLength), "a message's length"),
    (.notOpened(.absent("deptop-helper is not running")), "deptop-helper is not running"),
  ])
  func `an error says what is wrong`(error: SocketDiagnosticsError, words: String) {
    #expect(error.description.contains(words))
  }
}

/// What `ss` says about TCP.
private enum SocketStatistics {
  struct Row: Hashable {
    var local: SocketAddress
    var remote: SocketAddress
    var pid: Int32?
  }

  static var isInstalled: Bool {
    for path in ["/usr/bin/ss", "/bin/ss", "/usr/sbin/ss"] where unsafe access(path, X_OK) == 0 { return true }
    return false
  }

  /// One row for each connection.
  static func rows() throws -> [Row] {
    guard let stream = unsafe popen("PATH=$PATH:/usr/sbin ss -tnpH", "r") else {
      throw KernelLoopback.Failure(call: "popen", code: errno)
    }
    defer { unsafe pclose(stream) }
    var text: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 4096)
    while case let length = unsafe fread(&block, 1, block.count, stream), length > 0 { text += block[..<length] }
    return String(decoding: text, as: UTF8.self).split(separator: "\n").compactMap(row)
  }

  private static func row(_ line: Substring) -> Row? {
    let fields = line.split(separator: " ", omittingEmptySubsequences: true)
    guard fields.count >= 5, let local = address(fields[3]), let remote = address(fields[4]) else { return nil }
    let pid = fields.dropFirst(5).joined().split(separator: "pid=").dropFirst().compactMap {
      Int32($0.prefix { $0.isNumber })
    }
    return Row(local: local, remote: remote, pid: pid.min())
  }

  private static func address(_ text: Substring) -> SocketAddress? {
    guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else { return nil }
    let host = text[..<colon].trimming(while: { "[]".contains($0) })
    return IPAddress(host).map { SocketAddress($0, port: port) }
  }
}

extension Substring {
  fileprivate func trimming(while isUnwanted: (Character) -> Bool) -> String {
    String(drop(while: isUnwanted).reversed().drop(while: isUnwanted).reversed())
  }
}
