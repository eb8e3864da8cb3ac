internal import CLinux
internal import DeptopKernel
internal import DeptopModel
internal import Glibc

extension AbilityFacts {
  /// The inode of the host's PID namespace, which never changes (`PROC_PID_INIT_INO` of `linux/proc_ns.h`).
  private static let hostProcesses: UInt64 = 0xefff_fffc

  /// Finds out by trying, on things that are not there or are this process' own.
  static func probe(_ files: ProcessFiles) -> AbilityFacts {
    var capabilities: UInt64 = 0
    // A kernel that does not tell leaves none, which then is what is said.
    _ = unsafe clinux_capabilities_get(&capabilities)
    return AbilityFacts(
      capabilities: capabilities, seesAllProcesses: seesAllProcesses(files), enterError: enterError(files),
      destroyError: destroyError(), copyError: copyError(), ptraceScope: ptraceScope(),
      conntrackError: conntrackError())
  }

  private static func seesAllProcesses(_ files: ProcessFiles) -> Bool {
    var status = stat()
    guard unsafe stat("\(files.root)/self/ns/pid", &status) == 0 else { return false }
    return UInt64(status.st_ino) == hostProcesses
  }

  private static func enterError(_ files: ProcessFiles) -> Int32 {
    let namespace = unsafe open("\(files.root)/self/ns/net", O_RDONLY | O_CLOEXEC)
    guard namespace >= 0 else { return errno }
    defer { close(namespace) }
    let socket = clinux_namespace_socket(namespace, AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
    guard socket >= 0 else { return -socket }
    close(socket)
    return 0
  }

  /// No connection has these ends: an address of the documentation (RFC 5737), and port 0 on both sides.
  private static let nowhere = inet_diag_sockid(
    local: SocketAddress(IPAddress(v4: 0xc000_0201), port: 0),
    remote: SocketAddress(IPAddress(v4: 0xc000_0202), port: 0),
    cookie: 1)

  private static func destroyError() -> Int32 {
    unsafe answer(from: NETLINK_SOCK_DIAG) { descriptor, id, buffer, capacity in
      unsafe clinux_diag_ask(descriptor, 1, 1, UInt8(AF_INET), id, buffer, capacity)
    }
  }

  private static func conntrackError() -> Int32 {
    unsafe answer(from: NETLINK_NETFILTER) { descriptor, id, buffer, capacity in
      unsafe clinux_conntrack_ask(descriptor, 1, UInt8(AF_INET), id, buffer, capacity)
    }
  }

  private typealias Question = (Int32, UnsafePointer<inet_diag_sockid>, UnsafeMutableRawPointer?, Int) -> Int64

  /// The error that the kernel answers with; 0 when it answers with something else.
  private static func answer(from family: Int32, to question: Question) -> Int32 {
    let descriptor = clinux_netlink_open(-1, family, 64 << 10, 1_000_000)
    guard descriptor >= 0 else { return -descriptor }
    defer { close(descriptor) }
    var buffer = [UInt8](repeating: 0, count: 4096)
    let length = unsafe withUnsafePointer(to: nowhere) { id in
      unsafe buffer.withUnsafeMutableBytes { unsafe question(descriptor, id, $0.baseAddress, $0.count) }
    }
    guard length > 0 else { return Int32(clamping: -length) }
    guard case .refused(let code) = unsafe ConntrackAnswer(buffer.span.bytes.extracting(first: Int(length))) else {
      return 0
    }
    return code
  }

  private static func copyError() -> Int32 {
    let process = clinux_pidfd_open(getpid())
    guard process >= 0 else { return -process }
    defer { close(process) }
    let copy = clinux_pidfd_getfd(process, process)
    guard copy >= 0 else { return -copy }
    close(copy)
    return 0
  }

  private static func ptraceScope() -> Int {
    var text = [UInt8](repeating: 0, count: 16)
    let length = unsafe clinux_namespace_read(-1, "/proc/sys/kernel/yama/ptrace_scope", &text, text.count)
    // Without Yama there is no such file, and no such limit.
    guard length > 0 else { return 0 }
    return Int(String(decoding: text.prefix(Int(length)), as: UTF8.self).filter(\.isNumber)) ?? 0
  }
}
