import DeptopHelper
import DeptopKernel
import DeptopModel
import DeptopTestSupport
import Glibc
import Testing

/// Real connections in a private namespace, held by the test and repaired by a real helper.
@Suite("Repairs by the helper", .privileged) struct RepairTests {
  private let helper: HelperLink
  private let space: PrivateNamespace

  init() async throws {
    helper = try HelperLink.launch(path: BuiltProgram.path("deptop-helper"))
    space = try await PrivateNamespace()
  }

  private func announce(
    _ socket: SocketIdentity, _ treatment: SocketTreatment = .destroy, onlyWhileDead: Bool = false,
    plan: PlanID = "plan", life: Duration = .seconds(60)
  ) throws {
    let target = RepairTarget(socket: socket, treatment: treatment, onlyWhileDead: onlyWhileDead)
    try helper.announce(RepairPlan(plan: plan, life: life, sockets: [target]))
  }

  private func repair(
    _ step: RepairStep, _ socket: SocketIdentity, plan: PlanID = "plan"
  ) throws -> RepairOutcome {
    let outcomes = try helper.repair(step, plan: plan, cookies: [socket.cookie])
    #expect(outcomes.count == 1)
    return try #require(outcomes.first)
  }

  /// Whether the namespace's table has the socket, read through a socket that was handed out.
  private func sample(_ socket: SocketIdentity) throws -> SocketSample? {
    try DiagnosticsDump.connections(in: space.id, by: helper).first { $0.cookie == socket.cookie }
  }

  @Test(arguments: [NamespaceSocket.tcp4, .tcp6]) func `exactly the planned connection is closed`(
    kind: NamespaceSocket
  ) throws {
    let first = try Pair(in: space.id, by: helper, kind)
    let second = try Pair(
      in: space.id, by: helper, kind, at: SocketAddress(IPAddress(v4: 0x7f00_0001), port: 4322))
    let socket = try first.identity()
    try announce(socket)
    #expect(try repair(.destroy, socket) == .done(before: 0))
    #expect(first.readClient() == -Int(ECONNABORTED))
    #expect(second.readClient() == -Int(EAGAIN))
    #expect(try sample(socket) == nil)
    #expect(try sample(second.identity()) != nil)
    #expect(try repair(.destroy, socket) == .refused("this step was carried out already"))
  }

  @Test func `an IPv6 connection is closed as well`() throws {
    let loopback = SocketAddress(IPAddress(v6High: 0, low: 1), port: 4323)
    let pair = try Pair(in: space.id, by: helper, .tcp6, at: loopback)
    try announce(pair.identity())
    #expect(try repair(.destroy, pair.identity()) == .done(before: 0))
    #expect(pair.readClient() == -Int(ECONNABORTED))
  }

  @Test func `a connection that is gone, or whose ends another one has now, is left alone`() throws {
    let pair = try Pair(in: space.id, by: helper)
    var socket = try pair.identity()
    socket.cookie += 1
    // One that its process does not hold any more, as it would be.
    socket.inode = 1
    try announce(socket)
    #expect(try repair(.destroy, socket) == .gone)
    #expect(
      try repair(.destroy, pair.identity())
        == .refused(
          "the socket \(String(try pair.identity().cookie, radix: 16)) is not in the plan"))
    #expect(pair.readClient() == -Int(EAGAIN))
  }

  @Test func `a listening socket is never touched`() throws {
    let pair = try Pair(in: space.id, by: helper)
    let listener = try pair.identity(of: pair.listener)
    try announce(listener)
    #expect(
      try repair(.destroy, listener) == .refused("it has no peer: a listening socket is never touched"))
    #expect(try DiagnosticsDump.listeners(in: space.id, by: helper).contains { $0.address.port == 4321 })
  }

  @Test func `another inode or process start is left alone`() throws {
    let pair = try Pair(in: space.id, by: helper)
    let real = try pair.identity()
    var inode = real
    inode.inode += 1
    try announce(inode, plan: "inode")
    #expect(
      try repair(.destroy, inode, plan: "inode") == .refused("its inode is \(real.inode), not \(real.inode + 1)"))
    var start = real
    start.processStart += 1
    try announce(start, plan: "start")
    try announce(start, .userTimeout, plan: "option")
    let refusal = RepairOutcome.refused("process \(getpid()) is another one than was planned")
    #expect(try repair(.destroy, start, plan: "start") == refusal)
    #expect(try repair(.userTimeout(milliseconds: 5), start, plan: "option") == refusal)
    var namespace = real
    namespace.namespace = .own
    try announce(namespace, plan: "namespace")
    #expect(try repair(.destroy, namespace, plan: "namespace") == Self.notFound)
    #expect(pair.readClient() == -Int(EAGAIN))
  }

  private static let notFound = RepairOutcome.refused(
    "its process still holds it, but the kernel does not find it by its ends: bound to a device, or closed just now")

  @Test func `one that the kernel has closed is gone, although its process still holds it`() throws {
    let pair = try Pair(in: space.id, by: helper)
    let socket = try pair.identity()
    try announce(socket)
    try announce(socket, .userTimeout, plan: "option")
    #expect(try repair(.destroy, socket) == .done(before: 0))
    #expect(try repair(.userTimeout(milliseconds: 0), socket, plan: "option") == .gone)
  }

  @Test func `one that is bound to a device is not taken for closed`() throws {
    let pair = try Pair(in: space.id, by: helper)
    #expect(pair.bindClient(to: "lo"))
    let socket = try pair.identity()
    try announce(socket)
    #expect(try repair(.destroy, socket) == Self.notFound)
    #expect(pair.readClient() == -Int(EAGAIN))
  }

  @Test func `one that its process has passed on is left alone`() throws {
    let pair = try Pair(in: space.id, by: helper)
    var socket = try pair.identity()
    socket.pid = space.process.pid
    socket.processStart = try #require(ProcessFiles().startTime(of: socket.pid))
    try announce(socket)
    try announce(socket, .userTimeout, plan: "option")
    let refusal = RepairOutcome.refused("process \(socket.pid) does not hold it any more")
    #expect(try repair(.destroy, socket) == refusal)
    #expect(try repair(.userTimeout(milliseconds: 5), socket, plan: "option") == refusal)
    #expect(pair.readClient() == -Int(EAGAIN))
  }

  @Test func `a plan that was not announced, or is over, does nothing`() async throws {
    let pair = try Pair(in: space.id, by: helper)
    let socket = try pair.identity()
    #expect(throws: HostAccessError.refused("the plan is not announced")) { try repair(.destroy, socket) }
    try announce(socket, plan: "short", life: .milliseconds(1))
    try await waitUntil("the plan's end") {
      do {
        _ = try helper.repair(.destroy, plan: "short", cookies: [1])
        return false
      } catch HostAccessError.refused(let reason) {
        return reason == "the plan short is over"
      }
    }
    #expect(throws: HostAccessError.refused("the plan short is over")) { try repair(.destroy, socket, plan: "short") }
    #expect(pair.readClient() == -Int(EAGAIN))
  }

  @Test func `one that may be closed only while it is dead is closed when it is`() async throws {
    let pair = try Pair(in: space.id, by: helper)
    let socket = try pair.identity()
    try announce(socket, onlyWhileDead: true)
    #expect(try repair(.destroy, socket) == .refused("it is alive again"))
    var ownerless = socket
    ownerless.pid = 0
    ownerless.processStart = 0
    try announce(ownerless, plan: "ownerless")
    #expect(try repair(.destroy, ownerless, plan: "ownerless") != .done(before: 0))
    try await space.run("nft 'add table ip t; add chain ip t c { type filter hook input priority 0; policy drop; }'")
    pair.writeClient()
    try await waitUntil("two vain retransmissions") { try (sample(socket)?.info?.backoff ?? 0) >= 2 }
    #expect(try repair(.destroy, socket) == .done(before: 0))
    #expect(pair.readClient() == -Int(ECONNABORTED))
  }

  @Test func `keepalive is set on another process' socket, and seen in its timer`() async throws {
    let pair = try Pair(in: space.id, by: helper)
    let socket = try pair.identity()
    try announce(socket, .keepalive)
    #expect(try sample(socket)?.timer == SocketTimer.none)
    #expect(try repair(.keepalive(idle: 77, interval: 7, probes: 5), socket) == .done(before: 0))
    #expect(try sample(socket)?.timer == .keepalive)
    #expect(pair.option(Int32(IPPROTO_TCP), TCP_KEEPIDLE) == 77)
    #expect(pair.option(Int32(IPPROTO_TCP), TCP_KEEPINTVL) == 7)
    #expect(pair.option(Int32(IPPROTO_TCP), TCP_KEEPCNT) == 5)
    #expect(pair.option(Int32(IPPROTO_TCP), TCP_USER_TIMEOUT) == 0)
    #expect(try repair(.keepalive(idle: 10, interval: 7, probes: 5), socket) == .done(before: 77))
    #expect(throws: HostAccessError.refused("128 probes are not within 1…127")) {
      try repair(.keepalive(idle: 10, interval: 7, probes: 128), socket)
    }
    #expect(try repair(.destroy, socket) == .refused("the plan does not have this step for it, but keepalive"))
    #expect(pair.readClient() == -Int(EAGAIN))
  }

  @Test func `a copy that was made for an option is not kept`() throws {
    let pair = try Pair(in: space.id, by: helper)
    let socket = try pair.identity()
    try announce(socket, .keepalive)
    #expect(try repair(.keepalive(idle: 77, interval: 7, probes: 5), socket) == .done(before: 0))
    #expect(try helper.owners(of: [socket.inode]).map(\.value.pid) == [getpid()])
    #expect(try HeldSockets.processes(holding: socket.inode) == [getpid()])
  }

  @Test func `the user timeout is set and restored`() throws {
    let pair = try Pair(in: space.id, by: helper)
    let socket = try pair.identity()
    try announce(socket, .userTimeout)
    #expect(try repair(.userTimeout(milliseconds: 4_000), socket) == .done(before: 0))
    #expect(pair.option(Int32(IPPROTO_TCP), TCP_USER_TIMEOUT) == 4_000)
    #expect(try repair(.userTimeout(milliseconds: 0), socket) == .done(before: 4_000))
    #expect(pair.option(Int32(IPPROTO_TCP), TCP_USER_TIMEOUT) == 0)
    #expect(try repair(.userTimeout(milliseconds: 9), socket) == .refused("this step was carried out already"))
    #expect(try repair(.keepalive(idle: 9, interval: 3, probes: 5), socket) == .done(before: 0))
  }

  @Test(arguments: [NamespaceSocket.tcp4, .tcp6]) func `path-MTU discovery is switched off`(
    kind: NamespaceSocket
  ) throws {
    let pair = try Pair(in: space.id, by: helper, kind)
    let socket = try pair.identity()
    try announce(socket, .discoveryOff)
    let before = pair.option(Int32(IPPROTO_IP), IP_MTU_DISCOVER)
    #expect(before != IP_PMTUDISC_DONT)
    #expect(try repair(.discoveryOff, socket) == .done(before: before))
    #expect(pair.option(Int32(IPPROTO_IP), IP_MTU_DISCOVER) == IP_PMTUDISC_DONT)
    if kind == .tcp6 { #expect(pair.option(Int32(IPPROTO_IPV6), IPV6_MTU_DISCOVER) == IPV6_PMTUDISC_DONT) }
  }

  @Test func `a long plan arrives whole, and its outcomes keep their order`() throws {
    let pair = try Pair(in: space.id, by: helper)
    let real = try pair.identity()
    var targets = (1...9_999).map { number in
      var socket = real
      socket.cookie = UInt64(number) << 40
      socket.inode = 1
      return RepairTarget(socket: socket, treatment: .destroy, onlyWhileDead: false)
    }
    targets.append(RepairTarget(socket: real, treatment: .destroy, onlyWhileDead: false))
    try helper.announce(RepairPlan(plan: "long", life: .seconds(60), sockets: targets))
    let cookies = targets.suffix(600).map(\.socket.cookie) + [42]
    let outcomes = try helper.repair(.destroy, plan: "long", cookies: cookies)
    #expect(outcomes.prefix(599).allSatisfy { $0 == .gone })
    #expect(outcomes.suffix(2) == [.done(before: 0), .refused("the socket 2a is not in the plan")])
    targets.append(targets[0])
    #expect(throws: HostAccessError.refused("the plan has 10001 sockets, at most 10000 are allowed")) {
      try helper.announce(RepairPlan(plan: "longer", life: .seconds(60), sockets: targets))
    }
  }
}
