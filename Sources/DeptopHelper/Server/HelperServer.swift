internal import CLinux
package import DeptopKernel
internal import Glibc

/// Answers the requests of one collector over one socket, one after the other.
package struct HelperServer {
  package static let version = "0.1.0"

  private let descriptor: Int32
  private let parent: Int32
  private var desk: RequestDesk

  /// Takes a connected Unix socket (SOCK_SEQPACKET); it stays the caller's to close.
  ///
  /// - Parameters:
  ///   - descriptor: the socket.
  ///   - host: who carries the requests out.
  ///   - parent: the process that may ask.
  package init(descriptor: Int32, host: any HostAccess, parent: Int32 = getppid()) {
    self.descriptor = descriptor
    self.parent = parent
    desk = RequestDesk(host: host)
  }

  /// Whether a descriptor is a Unix socket that keeps messages apart (SOCK_SEQPACKET).
  package static func canServe(_ descriptor: Int32) -> Bool {
    var domain: Int32 = 0
    var type: Int32 = 0
    return unsafe clinux_option_get(descriptor, SOL_SOCKET, SO_DOMAIN, &domain) == 0
      && clinux_option_get(descriptor, SOL_SOCKET, SO_TYPE, &type) == 0
      && domain == AF_UNIX && type == Int32(SOCK_SEQPACKET.rawValue)
  }

  /// Answers until the other end is closed.
  ///
  /// - Throws: `refused` for a peer that is not the parent with this process' own user, `broken` for a socket that fails.
  package mutating func serve() throws(HostAccessError) {
    try checkPeer()
    var buffer = [UInt8](repeating: 0, count: Frame.longest)
    while true {
      var passed: Int32 = -1
      let length = unsafe clinux_message_receive(descriptor, &buffer, buffer.count, &passed)
      // Nobody has a reason to hand a descriptor in.
      if passed >= 0 { close(passed) }
      switch length {
      case 0, -Int64(ECONNRESET): return
      case -Int64(EMSGSIZE): try send(RequestDesk.tooLong)
      case ..<0: throw .broken("the collector's socket fails: \(SystemError(number: Int32(clamping: -length)))")
      default: try send(desk.reply(to: Array(buffer[..<Int(length)])))
      }
    }
  }

  private func checkPeer() throws(HostAccessError) {
    var process: Int32 = 0
    var user: UInt32 = 0
    let status = unsafe clinux_peer(descriptor, &process, &user)
    guard status == 0 else { throw .refused("the peer is not known: \(SystemError(number: -status))") }
    guard user == getuid() else { throw .refused("the peer is user \(user), not \(getuid())") }
    guard process == parent else { throw .refused("the peer is process \(process), not the parent \(parent)") }
  }

  private func send(_ reply: RequestDesk.Reply) throws(HostAccessError) {
    defer { if reply.passed >= 0 { close(reply.passed) } }
    let status = unsafe clinux_message_send(descriptor, reply.frame, reply.frame.count, reply.passed)
    // A collector that has gone is the end of the stream, which the next receive tells.
    guard status == 0 || status == -EPIPE || status == -ECONNRESET else {
      throw .broken("the collector's socket fails: \(SystemError(number: -status))")
    }
  }
}
