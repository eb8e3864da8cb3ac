package import DeptopWire
internal import FoundationEssentials
internal import Glibc

/// Asks a running lab for one thing over its Unix socket; every call blocks the thread that makes it.
package struct LabClient: Sendable {
  package let socketPath: String
  /// How long a lab may take to answer.
  private let patience: Duration
  /// The longest answer, in bytes.
  private static let longestAnswer = 1_048_576

  package init(socketPath: String, patience: Duration = .seconds(30)) {
    self.socketPath = socketPath
    self.patience = patience
  }

  /// Sends a request, and waits for its answer.
  ///
  /// - Returns: what the lab has to say.
  /// - Throws: ``LabError``; `.refused` carries the lab's own reason.
  package func ask(_ request: LabRequest) throws(LabError) -> String {
    let socket = try connected()
    defer { close(socket) }
    try send(request, to: socket)
    switch try answer(from: socket) {
    case .done(let text): return text
    case .refused(let reason): throw .refused(reason)
    }
  }

  private func connected() throws(LabError) -> Int32 {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let path = Array(socketPath.utf8)
    let room = MemoryLayout.size(ofValue: address.sun_path) - 1
    guard path.count <= room else {
      throw .absent("\(socketPath) is longer than a socket's path may be (\(room) bytes)")
    }
    unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: path) }
    let socket = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard socket >= 0 else { throw .lost(reason("a socket cannot be made")) }
    let (seconds, attoseconds) = patience.components
    var limit = timeval(tv_sec: Int(seconds), tv_usec: Int(attoseconds / 1_000_000_000_000))
    for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
      unsafe setsockopt(socket, SOL_SOCKET, option, &limit, socklen_t(MemoryLayout<timeval>.size))
    }
    let status = unsafe withUnsafePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe connect(socket, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    guard status == 0 else {
      let code = errno
      close(socket)
      let why = unsafe String(cString: strerror(code))
      throw .absent("no lab answers on \(socketPath): \(why); deptop demo or deptop lab run starts one")
    }
    return socket
  }

  private func send(_ request: LabRequest, to socket: Int32) throws(LabError) {
    let line: Data
    do { line = try WireCoding().encodeLine(request) } catch {
      throw .unreadable("the request cannot be written: \(error)")
    }
    var rest = Array(line)[...]
    while !rest.isEmpty {
      let count = unsafe rest.withUnsafeBytes {
        unsafe Glibc.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { throw .lost(reason("the lab does not take the request")) }
      rest = rest.dropFirst(count)
    }
  }

  private func answer(from socket: Int32) throws(LabError) -> LabAnswer {
    var line: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4_096)
    while !line.contains(UInt8(ascii: "\n")) {
      let count = unsafe read(socket, &buffer, buffer.count)
      if count < 0 && errno == EINTR { continue }
      if count < 0 && errno == EAGAIN { throw .lost("the lab has not answered for \(patience.components.seconds) s") }
      if count < 0 { throw .lost(reason("the lab does not answer")) }
      if count == 0 { throw .lost("the lab closed the connection without an answer") }
      line += buffer.prefix(count)
      guard line.count <= LabClient.longestAnswer else {
        throw .unreadable("the lab's answer is longer than \(LabClient.longestAnswer) bytes")
      }
    }
    let first = line.prefix { $0 != UInt8(ascii: "\n") }
    do {
      return try WireCoding().decode(LabAnswer.self, from: Data(first))
    } catch {
      throw .unreadable("the lab answered with what is no answer: \(String(decoding: first.prefix(80), as: UTF8.self))")
    }
  }

  private func reason(_ what: String) -> String { "\(what): \(unsafe String(cString: strerror(errno)))" }
}
