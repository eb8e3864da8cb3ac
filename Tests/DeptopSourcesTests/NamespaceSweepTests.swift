import DeptopConfiguration
import DeptopKernel
import DeptopModel
import DeptopSources
import DeptopTestSupport
import Glibc
import Synchronization
import Testing

/// What a poll said, by kind.
private struct Poll {
  var connections: [ObservedConnection] = []
  var closed: [ClosedConnection] = []
  var namespaces: [NamespaceStatus] = []
  var remarks: [String] = []

  init(_ source: KernelSource) async throws {
    for observation in try await source.poll() {
      switch observation {
      case .connections(let connections): self.connections = connections
      case .closings(let closed, _): self.closed = closed
      case .namespaces(let namespaces): self.namespaces = namespaces
      case .remarks(let remarks): self.remarks = remarks
      default: Issue.record("not expected: \(observation)")
      }
    }
  }
}

@Suite("Sweeps of other namespaces", .enabled(if: ThreadNamespace.isPossible, "needs CAP_SYS_ADMIN"))
struct NamespaceSweepTests {
  private static let remote = SocketAddress(ThreadNamespace.address, port: 6_432)

  /// A namespace with a connection in it, and a helper that hands out its sockets.
  private struct Lab {
    let namespace: ThreadNamespace
    let host: ScriptedHost
    let surroundings: HostSurroundings
    var ends: [(client: OpenDescriptor, server: OpenDescriptor)]
    let listener: OpenDescriptor

    init() async throws {
      namespace = try await ThreadNamespace()
      listener = try await namespace.listener(port: remote.port)
      ends = [try await namespace.connection(to: listener, at: remote)]
      var script = ScriptedHost.Script()
      script.sockets[namespace.id] = [
        .diagnostics: try await namespace.diagnosticsSocket(),
        .closings: try await namespace.diagnosticsSocket(joining: [1, 3]),
      ]
      let unit = ServiceUnit(.container, "0123456789ab")
      let first = SocketOwner(pid: getpid(), process: "orders", startedAt: 5, unit: unit)
      script.records = [NamespaceRecord(id: namespace.id, first: first, processes: 3)]
      script.owner = first
      script.resolverText = "nameserver 10.96.0.10\nsearch default.svc\n"
      script.settings = [.keepaliveTime: 111, .localPortFirst: 1_000, .localPortLast: 1_999]
      host = ScriptedHost(script)
      surroundings = HostSurroundings(access: host)
    }

    var inside: NamespaceID { namespace.id }
  }

  private func poll(
    _ source: KernelSource, until what: String, _ condition: (Poll) -> Bool
  ) async throws -> Poll {
    var last: Poll?
    try await waitUntil(what) {
      let poll = try await Poll(source)
      last = poll
      return condition(poll)
    }
    return try #require(last)
  }

  @Test func `a connection in another namespace is listed with its owner, and its namespace with what it is`()
    async throws
  {
    let lab = try await Lab()
    let source = KernelSource(Settings(), on: lab.surroundings)
    let swept = try await poll(source, until: "the other namespace is swept") { poll in
      poll.connections.contains { $0.sample.namespace == lab.inside && $0.owner != nil }
    }
    let connection = try #require(swept.connections.first { $0.sample.namespace == lab.inside })
    #expect(connection.sample.remote == Self.remote)
    #expect(connection.owner?.process == "orders")
    #expect(swept.connections.count { $0.sample.namespace == lab.inside } == 1)
    #expect(swept.namespaces.map(\.id) == [.own, lab.inside])
    #expect(swept.namespaces.first?.limits?.localPorts ?? 0 > 0)
    let status = try #require(swept.namespaces.last)
    #expect(status.label == "0123456789ab")
    #expect(status.processes == 3 && status.pid == getpid())
    #expect(status.connections == 2)
    #expect(status.nameservers == ["10.96.0.10"])
    #expect(status.limits?.keepaliveTime == .seconds(111))
    #expect(status.limits?.localPorts == 1_000 && status.limits?.localPortsUsed == 1)
    #expect(status.counters != nil && status.problem == nil)
    #expect(swept.remarks.isEmpty)
    // Whose files tell how names are resolved is known once the owner of a connection is.
    _ = try await poll(source, until: "the next listing") { _ in !lab.surroundings.namespaces.current.isEmpty }
    let entry = try #require(lab.surroundings.namespaces.current.first)
    #expect(entry.pid == connection.owner?.pid)
    #expect(entry.id == lab.inside && entry.peers == [Self.remote])
    #expect(entry.resolverText?.hasPrefix("nameserver 10.96.0.10") == true)
  }

  @Test func `the end of a connection in another namespace is heard of`() async throws {
    var lab = try await Lab()
    let inside = lab.inside
    let source = KernelSource(Settings(), on: lab.surroundings)
    _ = try await poll(source, until: "the other namespace is swept") { poll in
      poll.connections.contains { $0.sample.namespace == inside }
    }
    lab.ends = []
    let after = try await poll(source, until: "the end is told") { poll in
      poll.closed.contains { $0.namespace == inside }
    }
    #expect(after.closed.filter { $0.namespace == inside }.map(\.remote) == [Self.remote])
    #expect(after.closed.first { $0.namespace == inside }?.isUnseen == false)
  }

  @Test func `a namespace that is gone is dropped`() async throws {
    let lab = try await Lab()
    let source = KernelSource(Settings(), on: lab.surroundings)
    _ = try await poll(source, until: "the other namespace is swept") { $0.namespaces.count == 2 }
    lab.host.script.withLock { $0.records = [] }
    let after = try await poll(source, until: "it is gone") { $0.namespaces.count == 1 }
    #expect(!after.connections.contains { $0.sample.namespace == lab.inside })
    #expect(after.namespaces.first?.label == "host")
    #expect(lab.surroundings.namespaces.current.isEmpty)
  }

  @Test func `a namespace that may not be entered says why, and the others are swept`() async throws {
    let lab = try await Lab()
    let shut = NamespaceID(7)
    lab.host.script.withLock { script in
      script.records.append(NamespaceRecord(id: shut, first: SocketOwner(pid: 1, process: "x"), processes: 1))
    }
    let source = KernelSource(Settings(), on: lab.surroundings)
    let swept = try await poll(source, until: "both were tried") { poll in
      poll.namespaces.contains { $0.id == shut && $0.problem != nil }
        && poll.connections.contains { $0.sample.namespace == lab.inside }
    }
    let status = try #require(swept.namespaces.first { $0.id == shut })
    #expect(status.problem == "may not enter net:[7]")
    #expect(status.connections == nil)
  }

  @Test func `a helper that may not enter namespaces leaves them unswept and says so`() async throws {
    let lab = try await Lab()
    lab.host.script.withLock { $0.missing[.namespaces] = "CAP_SYS_ADMIN is missing" }
    let source = KernelSource(Settings(), on: lab.surroundings)
    let swept = try await poll(source, until: "the namespaces are listed") { $0.namespaces.count == 2 }
    #expect(swept.remarks == ["1 other network namespace is not swept: CAP_SYS_ADMIN is missing"])
    #expect(swept.namespaces.last?.problem == "CAP_SYS_ADMIN is missing")
    #expect(!swept.connections.contains { $0.sample.namespace == lab.inside })
  }

  @Test func `a translation is looked for in the namespace and then in the host's, once`() async throws {
    let lab = try await Lab()
    let real = SocketAddress(IPAddress(v4: 0xc633_6407), port: 5_432)
    lab.host.script.withLock { $0.translations[.own] = [Self.remote: real] }
    let source = KernelSource(Settings(), on: lab.surroundings)
    let swept = try await poll(source, until: "the translation is known") { poll in
      poll.connections.contains { $0.sample.namespace == lab.inside && $0.translated != nil }
    }
    #expect(swept.connections.first { $0.sample.namespace == lab.inside }?.translated == real)
    _ = try await Poll(source)
    let asked = lab.host.script.withLock { script in
      script.asked.filter { $0.1.contains { $0.remote == Self.remote } }.map(\.0)
    }
    #expect(asked == [lab.inside, .own])
  }

  @Test func `a helper that stops to answer does not stop the own sweep`() async throws {
    let lab = try await Lab()
    lab.host.script.withLock { $0.failure = .broken("no answer within 3 s") }
    let own = try KernelLoopback.Listener(.v4)
    let client = try KernelLoopback.Client(to: own)
    let source = KernelSource(Settings(), on: lab.surroundings)
    let swept = try await poll(source, until: "the own namespace is described") { $0.namespaces.count == 1 }
    #expect(swept.connections.contains { $0.sample.local == client.local })
  }
}
