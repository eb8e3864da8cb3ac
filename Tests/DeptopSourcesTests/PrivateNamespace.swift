import CNamespace
import DeptopKernel
import DeptopModel
import DeptopSources
import DeptopTestSupport
import Glibc
import Synchronization
import Testing

/// A network namespace with nothing but its own loopback; it ends with this value.
final class PrivateNamespace: Sendable {
  let id: NamespaceID
  private let holder: ChildProcess
  private let directory: TemporaryDirectory

  private init(id: NamespaceID, holder: ChildProcess, directory: TemporaryDirectory) {
    self.id = id
    self.holder = holder
    self.directory = directory
  }

  var pid: Int32 { holder.pid }
  /// What starts a program in it.
  var launcher: [String] { ["nsenter", "--net=/proc/\(pid)/ns/net"] }

  static func make() async throws -> PrivateNamespace {
    let directory = try TemporaryDirectory()
    let script = "ip link set lo up && echo ready && exec sleep 600"
    var command = ChildProcess.Command([try Program.required("sh"), "-c", script], outputPath: directory.file("log"))
    command.launcher = [try Program.required("unshare"), "--net"]
    let holder = try await ChildProcess.start(command)
    try await waitUntil("a network namespace") {
      guard !holder.hasExited else { throw TestFailure("no namespace: \(directory.read("log"))") }
      return directory.read("log").contains("ready")
    }
    var status = stat()
    guard unsafe stat("/proc/\(holder.pid)/ns/net", &status) == 0, let inode = UInt32(exactly: status.st_ino) else {
      throw TestFailure("the namespace of process \(holder.pid) has no number")
    }
    return PrivateNamespace(id: NamespaceID(inode), holder: holder, directory: directory)
  }

  /// Its entry in the directory, with a connection to port 5432.
  func entry(resolverText: String?) -> NamespaceDirectory.Entry {
    NamespaceDirectory.Entry(
      id: id, label: "pod", pid: pid, resolverText: resolverText,
      peers: [SocketAddress(IPAddress(v4: 0x0a09_0063), port: 5432)])
  }
}

extension Trait where Self == ConditionTrait {
  /// Skips a test where nobody may make network namespaces; `DEPTOP_REQUIRE_SERVERS=1` lets it fail.
  static var namespaces: Self {
    let missing = ["unshare", "nsenter", "ip"].filter { Program.path(of: $0) == nil }
    let isRequired = unsafe getenv("DEPTOP_REQUIRE_SERVERS").map { unsafe String(cString: $0) } == "1"
    let isRoot = geteuid() == 0
    return .enabled(
      if: (isRoot && missing.isEmpty) || isRequired,
      "\(isRoot ? "not installed: \(missing.joined(separator: ", "))" : "only root makes network namespaces")")
  }
}

/// Reaches into namespaces as the test says.
final class ScriptedAccess: HostAccess {
  private struct State {
    var opened: [NamespaceSocket] = []
    var read: [Int32] = []
  }

  private let processes: [NamespaceID: Int32]
  private let hosts: [Int32: String]
  private let failure: HostAccessError?
  private let state = Mutex(State())

  /// - Parameters:
  ///   - namespaces: Where sockets are really opened.
  ///   - hosts: The hosts file of each process; none for the others.
  ///   - failure: What opening a socket ends with instead.
  init(_ namespaces: PrivateNamespace..., hosts: [Int32: String] = [:], failure: HostAccessError? = nil) {
    processes = Dictionary(uniqueKeysWithValues: namespaces.map { ($0.id, $0.pid) })
    self.hosts = hosts
    self.failure = failure
  }

  /// The kinds of sockets that were asked for, in order.
  var opened: [NamespaceSocket] { state.withLock { $0.opened } }
  /// The processes whose hosts file was read, in order.
  var read: [Int32] { state.withLock { $0.read } }

  func openSocket(_ kind: NamespaceSocket, in namespace: NamespaceID) throws(HostAccessError) -> Int32 {
    state.withLock { $0.opened.append(kind) }
    if let failure { throw failure }
    guard let process = processes[namespace] else { throw .refused("no such namespace") }
    let isV6 = kind == .udp6 || kind == .tcp6
    let isStream = kind == .tcp4 || kind == .tcp6
    let type = isStream ? SOCK_STREAM : SOCK_DGRAM
    let descriptor = deptop_test_socket_in(process, isV6 ? AF_INET6 : AF_INET, Int32(type.rawValue))
    guard descriptor >= 0 else { throw .refused("error \(-descriptor)") }
    return descriptor
  }

  func text(of file: ProcessFile, process: Int32) throws(HostAccessError) -> [UInt8]? {
    guard file == .hosts else { throw .refused("only hosts files") }
    state.withLock { $0.read.append(process) }
    return hosts[process].map { Array($0.utf8) }
  }

  func abilities() throws(HostAccessError) -> HostAbilities { HostAbilities(missing: [:]) }
  func namespaces() throws(HostAccessError) -> [NamespaceRecord] { [] }
  func owners(of inodes: [UInt32]) throws(HostAccessError) -> [UInt32: SocketOwner] { [:] }
  func settings(of namespace: NamespaceID) throws(HostAccessError) -> [KernelSetting: Int64] { [:] }

  func translations(of ends: [SocketEnds], in namespace: NamespaceID) throws(HostAccessError) -> [SocketAddress?] {
    ends.map { _ in nil }
  }

  func announce(_ plan: RepairPlan) throws(HostAccessError) { throw .refused("nothing is repaired here") }

  func repair(_ step: RepairStep, plan: PlanID, cookies: [UInt64]) throws(HostAccessError) -> [RepairOutcome] {
    throw .refused("nothing is repaired here")
  }
}
