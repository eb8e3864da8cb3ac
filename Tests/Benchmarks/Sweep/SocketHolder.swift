internal import Glibc

/// Established TCP connections on loopback, both ends of each.
///
/// Closing them sends a reset, so that none is left in TIME_WAIT.
struct SocketHolder: ~Copyable {
  private var descriptors: [CInt] = []

  /// Opens connections to a number of listening ports, and has each carry some bytes both ways.
  ///
  /// - Parameters:
  ///   - sockets: How many sockets, two for each connection.
  ///   - ports: How many listeners, which stay open.
  /// - Throws: ``BenchmarkFailure``, also when this user may not open so many files.
  init(sockets: Int, ports: Int) throws(BenchmarkFailure) {
    try SocketHolder.raiseFileLimit(to: sockets + ports + 64)
    descriptors.reserveCapacity(sockets + ports)
    for port in 0..<ports {
      let connections = sockets / 2 / ports + (port < sockets / 2 % ports ? 1 : 0)
      try hold(connections)
    }
  }

  deinit {
    for descriptor in descriptors { close(descriptor) }
  }

  private mutating func hold(_ connections: Int) throws(BenchmarkFailure) {
    let listener = try open()
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    guard unsafe withSystemAddress(&address, { unsafe bind(listener, $0, $1) }) == 0, listen(listener, 128) == 0 else {
      throw BenchmarkFailure("listen on loopback", code: errno)
    }
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    guard unsafe withSystemAddress(&address, { pointer, _ in unsafe getsockname(listener, pointer, &length) }) == 0
    else { throw BenchmarkFailure("learn a port", code: errno) }
    for _ in 0..<connections {
      let client = try open()
      guard unsafe withSystemAddress(&address, { unsafe connect(client, $0, $1) }) == 0 else {
        throw BenchmarkFailure("connect on loopback", code: errno)
      }
      let server = Glibc.accept(listener, nil, nil)
      guard server >= 0 else { throw BenchmarkFailure("accept a connection", code: errno) }
      try keep(server)
      try exchange(client, server)
    }
  }

  private mutating func open() throws(BenchmarkFailure) -> CInt {
    let descriptor = socket(AF_INET, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { throw BenchmarkFailure("open a socket", code: errno) }
    try keep(descriptor)
    return descriptor
  }

  private mutating func keep(_ descriptor: CInt) throws(BenchmarkFailure) {
    descriptors.append(descriptor)
    var reset = linger(l_onoff: 1, l_linger: 0)
    let size = socklen_t(MemoryLayout<linger>.size)
    guard unsafe setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &reset, size) == 0 else {
      throw BenchmarkFailure("have a socket closed by reset", code: errno)
    }
  }

  /// Gives both ends a round-trip time and byte counts, as connections in use have them.
  private func exchange(_ one: CInt, _ other: CInt) throws(BenchmarkFailure) {
    var bytes = [UInt8](repeating: 0, count: 100)
    for (sender, receiver) in [(one, other), (other, one)] {
      guard unsafe send(sender, bytes, bytes.count, CInt(MSG_NOSIGNAL)) == bytes.count,
        unsafe recv(receiver, &bytes, bytes.count, CInt(MSG_WAITALL)) == bytes.count
      else { throw BenchmarkFailure("exchange bytes on loopback", code: errno) }
    }
  }

  private static func raiseFileLimit(to count: Int) throws(BenchmarkFailure) {
    let wanted = rlim_t(count)
    var limit = rlimit()
    unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    guard limit.rlim_cur < wanted else { return }
    limit.rlim_cur = wanted
    limit.rlim_max = max(limit.rlim_max, wanted)
    guard unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else {
      throw BenchmarkFailure("open \(count) files (raise the limit with ulimit -n)", code: errno)
    }
  }
}

private func withSystemAddress<Result>(
  _ address: inout sockaddr_in, _ body: (UnsafeMutablePointer<sockaddr>, socklen_t) -> Result
) -> Result {
  unsafe withUnsafeMutablePointer(to: &address) { pointer in
    unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
      unsafe body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
    }
  }
}
