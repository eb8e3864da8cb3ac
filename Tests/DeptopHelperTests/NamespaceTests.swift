import CLinux
import DeptopHelper
import DeptopKernel
import DeptopModel
import DeptopTestSupport
import Glibc
import Testing

/// What a real helper tells of real namespaces.
@Suite("Namespaces by the helper", .privileged) struct NamespaceTests {
  private let helper: HelperLink

  init() throws {
    helper = try HelperLink.launch(path: BuiltProgram.path("deptop-helper"))
  }

  @Test func `as root with all capabilities nothing is missing but what the host lacks`() throws {
    let missing = try helper.abilities().missing
    let inHostsProcesses = ProcEntry.link("/proc/self/ns/pid") == "pid:[4026531836]"
    #expect(missing.keys.map { $0 } == (inHostsProcesses ? [] : [.processes]), "\(missing)")
  }

  @Test func `a namespace is listed with its first process, and sockets are made in it`() async throws {
    let space = try await PrivateNamespace()
    let records = try helper.namespaces()
    let record = try #require(records.first { $0.id == space.id })
    #expect(record.first.pid == space.process.pid)
    #expect(record.first.process == "sleep")
    #expect(record.first.startedAt == ProcessFiles().startTime(of: space.process.pid))
    #expect(record.processes == 1)
    #expect(records.contains { $0.id == PrivateNamespace.namespace(of: getpid()) })
    #expect(records.map(\.id) == records.map(\.id).sorted())
    let pair = try Pair(in: space.id, by: helper)
    let cookie = try pair.identity().cookie
    #expect(try DiagnosticsDump.connections(in: space.id, by: helper).contains { $0.cookie == cookie })
    #expect(try !DiagnosticsDump.connections(in: .own, by: helper).contains { $0.cookie == cookie })
  }

  @Test func `sockets of every kind are made, each as it should be`() async throws {
    let space = try await PrivateNamespace("echo '0 2147483647' > /proc/sys/net/ipv4/ping_group_range")
    let expected: [(NamespaceSocket, Int32, __socket_type)] = [
      (.diagnostics, AF_NETLINK, SOCK_RAW), (.closings, AF_NETLINK, SOCK_RAW), (.udp4, AF_INET, SOCK_DGRAM),
      (.udp6, AF_INET6, SOCK_DGRAM), (.tcp4, AF_INET, SOCK_STREAM), (.tcp6, AF_INET6, SOCK_STREAM),
      (.icmp4, AF_INET, SOCK_DGRAM), (.icmp6, AF_INET6, SOCK_DGRAM),
    ]
    for (kind, family, type) in expected {
      let descriptor = try helper.openSocket(kind, in: space.id)
      defer { close(descriptor) }
      var found: (Int32, Int32) = (0, 0)
      #expect(unsafe clinux_option_get(descriptor, SOL_SOCKET, SO_DOMAIN, &found.0) == 0)
      #expect(unsafe clinux_option_get(descriptor, SOL_SOCKET, SO_TYPE, &found.1) == 0)
      #expect(found == (family, Int32(type.rawValue)))
      #expect(fcntl(descriptor, F_GETFD) & FD_CLOEXEC != 0)
    }
    let other = try await PrivateNamespace("echo '1 0' > /proc/sys/net/ipv4/ping_group_range")
    #expect(
      throws: HostAccessError.refused(
        "ping sockets are not allowed in \(other.id): set net.ipv4.ping_group_range there")
    ) {
      try helper.openSocket(.icmp4, in: other.id)
    }
  }

  @Test func `closed connections are told of`() async throws {
    let space = try await PrivateNamespace()
    let closings = try helper.openSocket(.closings, in: space.id)
    defer { close(closings) }
    var pair: Pair? = try Pair(in: space.id, by: helper)
    let cookie = try pair?.identity().cookie
    pair = nil
    var table = SocketTable()
    try await waitUntil("the closing") {
      var buffer = [UInt8](repeating: 0, count: 64 << 10)
      let length = unsafe recv(closings, &buffer, buffer.count, Int32(MSG_DONTWAIT))
      guard length > 0 else { return false }
      let datagram = Array(buffer[..<length])
      var wasInterrupted = false
      _ = unsafe try table.add(datagram: datagram.span.bytes, sequence: 0, wasInterrupted: &wasInterrupted)
      return table.connections.contains { $0.cookie == cookie }
    }
  }

  @Test func `settings are those of the namespace`() async throws {
    let space = try await PrivateNamespace(
      "echo 111 > /proc/sys/net/ipv4/tcp_keepalive_time; echo '20000 20100' > /proc/sys/net/ipv4/ip_local_port_range")
    let settings = try helper.settings(of: space.id)
    #expect(settings[.keepaliveTime] == 111)
    #expect(settings[.localPortFirst] == 20_000)
    #expect(settings[.localPortLast] == 20_100)
    #expect(settings[.keepaliveProbes] == 9)
    #expect(settings[.retries2] == 15)
    #expect(try helper.settings(of: .own)[.localPortFirst] != 20_000)
  }

  @Test func `the real peer behind a translated address is told`() async throws {
    let space = try await PrivateNamespace(
      """
      ip addr add 10.88.0.1/24 dev lo
      nft 'add table ip t; add chain ip t c { type nat hook output priority -100; }'
      nft 'add rule ip t c ip daddr 10.88.0.99 tcp dport 6432 dnat to 10.88.0.1:4321'
      """)
    let real = SocketAddress(IPAddress(v4: 0x0a58_0001), port: 4321)
    let virtual = SocketAddress(IPAddress(v4: 0x0a58_0063), port: 6432)
    let pair = try Pair(in: space.id, by: helper, at: real, to: virtual)
    let socket = try pair.identity()
    #expect(socket.remote == virtual)
    let plain = try Pair(in: space.id, by: helper, at: SocketAddress(real.address, port: 4322))
    var unknown = SocketEnds(local: socket.local, remote: socket.remote)
    unknown.remote.port = 9
    let ends = [
      SocketEnds(local: socket.local, remote: socket.remote), unknown,
      SocketEnds(local: try plain.identity().local, remote: try plain.identity().remote),
    ]
    #expect(try helper.translations(of: ends, in: space.id) == [real, nil, nil])
    let many = Array(repeating: ends[0], count: 4_500)
    #expect(try helper.translations(of: many, in: space.id) == many.map { _ in real })
  }

  @Test func `the helper's own namespace stays its own, and nothing is left open`() async throws {
    let before = try state(of: helper)
    for round in 0..<3 {
      let space = try await PrivateNamespace()
      let pair = try Pair(in: space.id, by: helper)
      _ = try helper.settings(of: space.id)
      _ = try helper.translations(of: [], in: space.id)
      let socket = try pair.identity()
      let target = RepairTarget(socket: socket, treatment: .destroy, onlyWhileDead: false)
      try helper.announce(
        RepairPlan(plan: PlanID(rawValue: "p\(round)"), life: .seconds(9), sockets: [target]))
      _ = try helper.repair(.destroy, plan: PlanID(rawValue: "p\(round)"), cookies: [socket.cookie])
    }
    #expect(try state(of: helper) == before)
  }

  /// The namespace of each of the helper's threads, and how many descriptors it has.
  private func state(of helper: HelperLink) throws -> [String] {
    let pid = try #require(helper.pid)
    let threads = ProcEntry.entries("/proc/\(pid)/task").map { ProcEntry.link("/proc/\(pid)/task/\($0)/ns/net") }
    return threads.sorted() + ["\(ProcEntry.entries("/proc/\(pid)/fd").count) descriptors"]
  }

  @Test func `a namespace that nobody is in is refused`() throws {
    let nowhere = NamespaceID(5)
    #expect(throws: HostAccessError.refused("no process that the helper may read is in net:[5]")) {
      try helper.openSocket(.diagnostics, in: nowhere)
    }
  }

  @Test func `owners are told with their start`() async throws {
    let space = try await PrivateNamespace()
    let pair = try Pair(in: space.id, by: helper)
    let inode = try pair.identity().inode
    let owners = try helper.owners(of: Array(1...40_000 as ClosedRange<UInt32>) + [inode])
    let owner = try #require(owners[inode])
    #expect(owner.pid == getpid())
    #expect(owner.startedAt == ProcessFiles().startTime(of: getpid()))
    #expect(owner.unit == ProcessFiles().unit(of: getpid()))
    #expect(owners[0] == nil)
  }
}
