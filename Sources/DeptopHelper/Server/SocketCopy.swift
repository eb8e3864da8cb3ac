internal import CLinux
internal import DeptopKernel
internal import DeptopModel
internal import Glibc

/// A copy of another process' socket, for the moment in which an option is set.
///
/// While it is open, a close by the process itself ends nothing, so that it must not be kept.
struct SocketCopy: ~Copyable {
  private let descriptor: Int32

  /// Takes the copy of a socket by its number in a process (pidfd), and makes sure that it is the planned one.
  init(_ number: Int32, of process: Int32, planned: SocketIdentity) throws(HostAccessError) {
    let copy = clinux_pidfd_getfd(process, number)
    guard copy >= 0 else { throw .refused(Self.reason(-copy, process: planned.pid)) }
    var cookie: UInt64 = 0
    let status = unsafe clinux_socket_cookie(copy, &cookie)
    guard status == 0, cookie == planned.cookie else {
      close(copy)
      throw .refused("process \(planned.pid) has another socket in its place")
    }
    descriptor = copy
  }

  deinit {
    close(descriptor)
  }

  private static func reason(_ code: Int32, process: Int32) -> String {
    switch code {
    case ENOSYS: "options of other processes' sockets need Linux 5.6 (pidfd_getfd)"
    case EPERM, EACCES: "process \(process) may not be traced: \(Capability.sysPtrace.advice)"
    default: "process \(process) has let go of it: \(SystemError(number: code))"
    }
  }

  /// Carries out a step that sets options; answers what was before.
  func set(_ step: RepairStep, isV4 talksV4: Bool) throws(HostAccessError) -> Int32 {
    switch step {
    case .destroy: throw .refused("closing is no option")
    case .keepalive(let idle, let interval, let probes):
      let before = try keepaliveBefore()
      try set(tcp, TCP_KEEPIDLE, idle, "TCP_KEEPIDLE")
      try set(tcp, TCP_KEEPINTVL, interval, "TCP_KEEPINTVL")
      try set(tcp, TCP_KEEPCNT, probes, "TCP_KEEPCNT")
      try set(SOL_SOCKET, SO_KEEPALIVE, 1, "SO_KEEPALIVE")
      return before
    case .userTimeout(let milliseconds):
      let before = try get(tcp, TCP_USER_TIMEOUT, "TCP_USER_TIMEOUT")
      try set(tcp, TCP_USER_TIMEOUT, milliseconds, "TCP_USER_TIMEOUT")
      return before
    case .discoveryOff: return try switchDiscoveryOff(talksV4)
    }
  }

  /// Whether the kernel has closed it: a process holds such a socket until it notices.
  func isClosed() throws(HostAccessError) -> Bool {
    // `struct tcp_info` begins with the state, in one byte.
    let start = Int32(littleEndian: try get(tcp, TCP_INFO, "TCP_INFO"))
    return start & 0xff == Int32(TCP_CLOSE)
  }

  private func keepaliveBefore() throws(HostAccessError) -> Int32 {
    guard try get(SOL_SOCKET, SO_KEEPALIVE, "SO_KEEPALIVE") != 0 else { return 0 }
    return try get(tcp, TCP_KEEPIDLE, "TCP_KEEPIDLE")
  }

  /// An IPv6 socket that talks IPv4 sends by the IPv4 option, and shows the IPv6 one to its process.
  private func switchDiscoveryOff(_ talksV4: Bool) throws(HostAccessError) -> Int32 {
    let isSix = try get(SOL_SOCKET, SO_DOMAIN, "SO_DOMAIN") == AF_INET6
    let before =
      talksV4
      ? try get(Int32(IPPROTO_IP), IP_MTU_DISCOVER, "IP_MTU_DISCOVER")
      : try get(Int32(IPPROTO_IPV6), IPV6_MTU_DISCOVER, "IPV6_MTU_DISCOVER")
    if isSix { try set(Int32(IPPROTO_IPV6), IPV6_MTU_DISCOVER, IPV6_PMTUDISC_DONT, "IPV6_MTU_DISCOVER") }
    if talksV4 { try set(Int32(IPPROTO_IP), IP_MTU_DISCOVER, IP_PMTUDISC_DONT, "IP_MTU_DISCOVER") }
    return before
  }

  private func get(_ level: Int32, _ option: Int32, _ name: String) throws(HostAccessError) -> Int32 {
    var value: Int32 = 0
    let status = unsafe clinux_option_get(descriptor, level, option, &value)
    guard status == 0 else { throw .refused("\(name) cannot be read: \(SystemError(number: -status))") }
    return value
  }

  private func set(_ level: Int32, _ option: Int32, _ value: Int32, _ name: String) throws(HostAccessError) {
    let status = clinux_option_set(descriptor, level, option, value)
    guard status == 0 else { throw .refused("\(name) cannot be set to \(value): \(SystemError(number: -status))") }
  }
}

private let tcp = Int32(IPPROTO_TCP)
