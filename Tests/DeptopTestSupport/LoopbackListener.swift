internal import DeptopKernel
package import DeptopModel
internal import Glibc
internal import Synchronization

/// A real listening TCP socket on loopback, which accepts nothing by itself.
package final class LoopbackListener: Sendable {
  package let address: SocketAddress
  private let descriptor: Int32
  /// Connections that fill the queue.
  private let fillers = Mutex<[Int32]>([])

  /// Listens on a port of the system's choice.
  ///
  /// - Parameters:
  ///   - address: A loopback address of either family.
  ///   - backlog: How many established connections the system keeps for it; one more than this fits.
  /// - Throws: ``TestFailure``
  package init(_ address: IPAddress = IPAddress(v4: 0x7f00_0001), backlog: Int32 = 16) throws {
    let any = SocketAddress(address, port: 0)
    let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
    let descriptor = socket(any.family, type, 0)
    guard descriptor >= 0 else { throw TestFailure("no socket: \(SystemError.last)") }
    let bound = unsafe any.withSystemAddress { unsafe bind(descriptor, $0, $1) }
    guard bound == 0, listen(descriptor, backlog) == 0, let port = localPort(of: descriptor) else {
      let error = SystemError.last
      close(descriptor)
      throw TestFailure("cannot listen on \(address): \(error)")
    }
    self.descriptor = descriptor
    self.address = SocketAddress(address, port: port)
  }

  deinit {
    fillers.withLock { for filler in $0 { close(filler) } }
    close(descriptor)
  }

  /// Refuses connections from now on.
  package func stopListening() {
    shutdown(descriptor, Int32(SHUT_RDWR))
  }

  /// Connects until the queue is full: further connections are dropped without an answer.
  ///
  /// Needs a backlog of 0, for which one connection is enough.
  package func fill() throws {
    let filler = socket(address.family, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard unsafe address.withSystemAddress({ unsafe connect(filler, $0, $1) }) == 0 else {
      throw TestFailure("cannot connect to \(address): \(SystemError.last)")
    }
    fillers.withLock { $0.append(filler) }
  }

  /// Accepts one connection and reads it to its end: true when the peer closed it in order, false for a reset.
  package func acceptsOrderlyClose() -> Bool {
    let accepted = accept(descriptor, nil, nil)
    guard accepted >= 0 else { return false }
    defer { close(accepted) }
    var bytes = [UInt8](repeating: 0, count: 64)
    var count = unsafe read(accepted, &bytes, bytes.count)
    while count > 0 { count = unsafe read(accepted, &bytes, bytes.count) }
    return count == 0
  }
}

/// The port that a socket is bound to.
func localPort(of descriptor: Int32) -> UInt16? {
  var storage = sockaddr_storage()
  var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
  return unsafe withUnsafeMutablePointer(to: &storage) { pointer in
    unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { system in
      guard unsafe getsockname(descriptor, system, &length) == 0 else { return nil }
      // The port is in the same place for both families.
      return unsafe pointer.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
        unsafe UInt16(bigEndian: $0.pointee.sin_port)
      }
    }
  }
}
