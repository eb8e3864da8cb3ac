import DeptopKernel
import DeptopModel
import DeptopSources
import DeptopTestSupport
import Glibc
import Testing

/// A client, a router and a server in network namespaces of their own, which end with the test.
///
/// The client is 10.77.1.1, the router 10.77.1.2 towards it and 10.77.2.2 towards the server, the server 10.77.2.1.
/// The client's link takes 1500 bytes. What the router's far link takes is chosen, and only the router knows of it.
final class PathLab: Sendable {
  static let serverAddress = IPAddress(v4: 0x0a4d_0201)
  static let routerAddress = IPAddress(v4: 0x0a4d_0102)

  let directory: TemporaryDirectory
  private let client: ChildProcess
  private let router: ChildProcess
  private let server: ChildProcess

  /// - Parameters:
  ///   - farMTU: What the router's far link takes, bytes.
  ///   - tells: Whether the router says when a packet is too large (ICMP 3/4), or drops it without a word.
  /// - Throws: ``TestFailure``
  init(farMTU: Int, tells: Bool = false) async throws {
    directory = try TemporaryDirectory()
    client = try await PathLab.namespace(directory)
    router = try await PathLab.namespace(directory)
    server = try await PathLab.namespace(directory)
    try await run(setUp(farMTU: farMTU, tells: tells))
  }

  /// What is put before a program to let it run at the server's place.
  var serverLauncher: [String] { ["/usr/bin/nsenter", "-t", "\(server.pid)", "-n"] }

  var clientSockets: LabSockets { LabSockets(pid: client.pid) }
  var clientPID: Int32 { client.pid }

  /// Lets the client's processes use ping sockets.
  func allowEcho() async throws {
    try await run("nsenter -t \(client.pid) -n sh -c 'echo 0 0 > /proc/sys/net/ipv4/ping_group_range'")
  }

  private static func namespace(_ directory: TemporaryDirectory) async throws -> ChildProcess {
    let holder = try await ChildProcess.start(
      ChildProcess.Command(
        [try Program.required("unshare"), "--net", try Program.required("sleep"), "600"],
        outputPath: directory.file("log")))
    let own = target(of: "/proc/self/ns/net")
    try await waitUntil("process \(holder.pid) has a namespace") {
      guard !holder.hasExited else { throw TestFailure("no namespace: \(directory.read("log"))") }
      let other = target(of: "/proc/\(holder.pid)/ns/net")
      return other != own && target(of: "/proc/\(holder.pid)/exe")?.hasSuffix("sleep") == true
    }
    return holder
  }

  private static func target(of path: String) -> String? {
    var bytes = [CChar](repeating: 0, count: 256)
    let count = unsafe readlink(path, &bytes, bytes.count)
    return count < 0 ? nil : String(decoding: bytes.prefix(count).map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  private func setUp(farMTU: Int, tells: Bool) -> String {
    let (c, r, s) = ("nsenter -t \(client.pid) -n", "nsenter -t \(router.pid) -n", "nsenter -t \(server.pid) -n")
    return """
      set -e
      for n in "\(c)" "\(r)" "\(s)"; do $n ip link set lo up; done
      \(c) ip link add near type veth peer name near netns \(router.pid)
      \(s) ip link add far type veth peer name far netns \(router.pid)
      \(c) ip addr add 10.77.1.1/24 dev near
      \(r) ip addr add 10.77.1.2/24 dev near
      \(r) ip addr add 10.77.2.2/24 dev far
      \(s) ip addr add 10.77.2.1/24 dev far
      \(c) ip link set near up; \(r) ip link set near up; \(r) ip link set far up; \(s) ip link set far up
      \(c) ip route add default via 10.77.1.2; \(s) ip route add default via 10.77.2.2
      \(r) sh -c 'echo 1 > /proc/sys/net/ipv4/ip_forward'
      \(r) ip link set far mtu \(farMTU)
      \(tells ? "" : "\(r) nft 'add table ip lab; add chain ip lab out { type filter hook output priority 0; }; "
        + "add rule ip lab out icmp type destination-unreachable drop'")
      """
  }

  private func run(_ script: String) async throws {
    let status = try await ChildProcess.run(
      ChildProcess.Command(["/bin/sh", "-c", script], outputPath: directory.file("log")))
    guard status == 0 else { throw TestFailure("the network is not set up: \(directory.read("log"))") }
  }
}

/// Sockets of the namespace that a process is in.
struct LabSockets: SocketOpening {
  let pid: Int32

  func open(_ kind: ProbeSocket, isV4: Bool) throws(SocketRefusal) -> Int32 {
    let own = unsafe Glibc.open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC)
    let other = unsafe Glibc.open("/proc/\(pid)/ns/net", O_RDONLY | O_CLOEXEC)
    defer {
      close(own)
      close(other)
    }
    guard own >= 0, other >= 0, enter(other) else { throw SocketRefusal("no namespace of \(pid)") }
    // The calling thread is back before anything else runs on it.
    defer { precondition(enter(own)) }
    return try OwnSockets().open(kind, isV4: isV4)
  }

  /// setns(2), which the module of the C library leaves out.
  private func enter(_ namespace: Int32) -> Bool {
    typealias SetNamespace = @convention(c) (Int32, Int32) -> Int32
    guard let function = unsafe dlsym(nil, "setns") else { return false }
    // CLONE_NEWNET
    return unsafe unsafeBitCast(function, to: SetNamespace.self)(namespace, 0x4000_0000) == 0
  }
}

/// Makes sockets in one namespace, and does nothing else.
struct LabAccess: HostAccess {
  let namespace: NamespaceID
  let sockets: LabSockets

  func openSocket(_ kind: NamespaceSocket, in namespace: NamespaceID) throws(HostAccessError) -> Int32 {
    guard namespace == self.namespace else { throw .refused("there is no namespace \(namespace)") }
    do throws(SocketRefusal) {
      switch kind {
      case .tcp4: return try sockets.open(.tcp, isV4: true)
      case .tcp6: return try sockets.open(.tcp, isV4: false)
      case .icmp4: return try sockets.open(.echo, isV4: true)
      case .icmp6: return try sockets.open(.echo, isV4: false)
      case .diagnostics, .closings, .udp4, .udp6: throw SocketRefusal("not in this test")
      }
    } catch {
      throw .refused(error.reason)
    }
  }

  func abilities() throws(HostAccessError) -> HostAbilities { HostAbilities(missing: [:]) }
  func namespaces() throws(HostAccessError) -> [NamespaceRecord] { throw .refused("not in this test") }
  func owners(of inodes: [UInt32]) throws(HostAccessError) -> [UInt32: SocketOwner] {
    throw .refused("not in this test")
  }
  func text(of file: ProcessFile, process: Int32) throws(HostAccessError) -> [UInt8]? {
    throw .refused("not in this test")
  }
  func settings(of namespace: NamespaceID) throws(HostAccessError) -> [KernelSetting: Int64] {
    throw .refused("not in this test")
  }
  func translations(
    of ends: [SocketEnds], in namespace: NamespaceID
  ) throws(HostAccessError) -> [DeptopModel.SocketAddress?] {
    throw .refused("not in this test")
  }
  func announce(_ plan: RepairPlan) throws(HostAccessError) { throw .refused("not in this test") }
  func repair(
    _ step: RepairStep, plan: PlanID, cookies: [UInt64]
  ) throws(HostAccessError) -> [RepairOutcome] {
    throw .refused("not in this test")
  }
}
