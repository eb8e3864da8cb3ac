internal import Glibc

/// One connection to the collector's socket; no call blocks beyond its deadline, or once the reporter is stopped.
struct CollectorStream: ~Copyable {
  private let descriptor: Int32
  private let path: String
  private let stop: Wakeup

  /// Connects.
  ///
  /// - Throws: ``ReportingProblem/Kind/unreachable`` when nobody listens, or its queue is full.
  init(path: String, stop: Wakeup) throws(ReportingProblem) {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let bytes = Array(path.utf8)
    let capacity = MemoryLayout.size(ofValue: address.sun_path)
    guard bytes.count < capacity, !bytes.contains(0) else {
      throw ReportingProblem(.unreachable, "the socket's path has more than \(capacity - 1) bytes, or a NUL: \(path)")
    }
    unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: bytes) }
    let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
    let made = socket(AF_UNIX, type, 0)
    guard made >= 0 else { throw .unreachable("make a socket for", path, code: errno) }
    let status = unsafe withUnsafePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe connect(made, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    // A Unix socket connects at once or not at all; EAGAIN means that the listener's queue is full.
    guard status == 0 else {
      let code = errno
      close(made)
      throw .unreachable("connect to", path, code: code)
    }
    descriptor = made
    self.path = path
    self.stop = stop
  }

  deinit { close(descriptor) }

  /// Writes everything, or stops as soon as there is an answer or the other side has closed.
  func write(_ bytes: [UInt8], deadline: UInt64) throws(ReportingProblem) {
    var sent = 0
    while sent < bytes.count {
      let ready = try wait(for: POLLOUT | POLLIN, deadline: deadline)
      // Whoever answers before everything was sent does not want the rest.
      guard ready & Int16(POLLIN) == 0 else { return }
      let count = unsafe bytes.withUnsafeBytes { buffer in
        unsafe send(descriptor, buffer.baseAddress?.advanced(by: sent), buffer.count - sent, Int32(MSG_NOSIGNAL))
      }
      if count < 0 {
        let code = errno
        if code == EAGAIN || code == EINTR { continue }
        // The answer may have come before the close.
        if code == EPIPE || code == ECONNRESET { return }
        throw .unreachable("write to", path, code: code)
      }
      sent += count
    }
  }

  /// Reads what is there.
  ///
  /// - Returns: Bytes, none at the end.
  func read(upTo limit: Int = 16_384, deadline: UInt64) throws(ReportingProblem) -> [UInt8] {
    while true {
      _ = try wait(for: POLLIN, deadline: deadline)
      var buffer = [UInt8](repeating: 0, count: limit)
      let count = unsafe recv(descriptor, &buffer, limit, 0)
      if count >= 0 { return Array(buffer.prefix(count)) }
      let code = errno
      if code == EAGAIN || code == EINTR { continue }
      if code == ECONNRESET { return [] }
      throw .unreachable("read from", path, code: code)
    }
  }

  private func wait(for events: Int32, deadline: UInt64) throws(ReportingProblem) -> Int16 {
    while true {
      guard !stop.isSet else { throw .stopped }
      let left = MonotonicClock.millisecondsLeft(to: deadline)
      guard left > 0 else { throw ReportingProblem(.timedOut, "\(path) was not ready in time") }
      var waits = [
        pollfd(fd: descriptor, events: Int16(events), revents: 0),
        pollfd(fd: stop.descriptor, events: Int16(POLLIN), revents: 0),
      ]
      _ = unsafe poll(&waits, 2, stop.descriptor < 0 ? min(left, 100) : left)
      if waits[0].revents != 0 { return waits[0].revents }
    }
  }
}
