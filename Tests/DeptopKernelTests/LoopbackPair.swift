import DeptopKernel
import DeptopModel
import DeptopTestSupport
import Glibc

/// Both ends of a connection over loopback.
struct LoopbackPair {
  let listener: KernelLoopback.Listener
  let client: End
  let server: End
  /// The client's own address.
  let local: SocketAddress

  struct End {
    let descriptor: KernelLoopback.Descriptor

    func write(_ count: Int) throws {
      let bytes = [UInt8](repeating: 7, count: count)
      guard unsafe send(descriptor.number, bytes, count, Int32(MSG_NOSIGNAL)) == count else {
        throw KernelLoopback.Failure(call: "send", code: errno)
      }
    }

    /// Sends until the system takes no more.
    func fill() throws {
      let bytes = [UInt8](repeating: 7, count: 1 << 16)
      while unsafe send(descriptor.number, bytes, bytes.count, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT)) > 0 {}
      guard errno == EAGAIN else { throw KernelLoopback.Failure(call: "send", code: errno) }
    }

    func endSending() throws {
      guard shutdown(descriptor.number, Int32(SHUT_WR)) == 0 else {
        throw KernelLoopback.Failure(call: "shutdown", code: errno)
      }
    }

    func keepAlive(after seconds: Int32) throws {
      try set(SOL_SOCKET, SO_KEEPALIVE, 1)
      try set(Int32(IPPROTO_TCP), TCP_KEEPIDLE, seconds)
    }

    private func set(_ level: Int32, _ option: Int32, _ value: Int32) throws {
      var value = value
      guard unsafe setsockopt(descriptor.number, level, option, &value, socklen_t(MemoryLayout<Int32>.size)) == 0 else {
        throw KernelLoopback.Failure(call: "setsockopt", code: errno)
      }
    }
  }

  init(to listener: KernelLoopback.Listener? = nil) throws {
    let listener = try listener ?? KernelLoopback.Listener(.v4)
    self.listener = listener
    let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
    let descriptor = try KernelLoopback.Descriptor(socket(AF_INET, type, 0), from: "socket")
    let status = unsafe try listener.address.withSystemAddress { unsafe connect(descriptor.number, $0, $1) }
    guard status == 0 else { throw KernelLoopback.Failure(call: "connect", code: errno) }
    client = End(descriptor: descriptor)
    server = End(descriptor: try listener.accept())
    var own = sockaddr_in()
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let named = unsafe withUnsafeMutablePointer(to: &own) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe getsockname(descriptor.number, $0, &length)
      }
    }
    guard named == 0 else { throw KernelLoopback.Failure(call: "getsockname", code: errno) }
    local = SocketAddress(IPAddress(v4: UInt32(bigEndian: own.sin_addr.s_addr)), port: UInt16(bigEndian: own.sin_port))
  }
}
