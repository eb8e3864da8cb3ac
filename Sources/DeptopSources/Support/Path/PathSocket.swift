internal import DeptopKernel
internal import DeptopModel
internal import Glibc

/// A socket of a path check, on the thread that blocks with it; closed with the value.
struct PathSocket: ~Copyable {
  let descriptor: Int32
  let interrupt: Interrupt

  init(_ kind: ProbeSocket, isV4: Bool, from sockets: any SocketOpening, interrupt: Interrupt) throws(PathFailure) {
    do throws(SocketRefusal) {
      descriptor = try sockets.open(kind, isV4: isV4)
    } catch {
      throw .failed(error.reason)
    }
    self.interrupt = interrupt
  }

  deinit {
    close(descriptor)
  }

  func set(_ level: Int32, _ option: Int32, to value: Int32) throws(PathFailure) {
    var value = value
    let length = socklen_t(MemoryLayout<Int32>.size)
    guard unsafe setsockopt(descriptor, level, option, &value, length) == 0 else {
      throw .failed("socket option \(level)/\(option): \(SystemError.last)")
    }
  }

  func value(_ level: Int32, _ option: Int32) -> Int32? {
    var value: Int32 = 0
    var length = socklen_t(MemoryLayout<Int32>.size)
    return unsafe getsockopt(descriptor, level, option, &value, &length) == 0 ? value : nil
  }

  /// The error that the system keeps for the socket, which it forgets by that; nil when there is none.
  var pendingError: SystemError? {
    guard let number = value(SOL_SOCKET, SO_ERROR) else { return .last }
    return number == 0 ? nil : SystemError(number: number)
  }

  func connect(to address: SocketAddress, timeout: Duration) throws(PathFailure) {
    let end = MonotonicTime.now() + timeout
    let status = unsafe address.withSystemAddress { unsafe Glibc.connect(descriptor, $0, $1) }
    if status == 0 { return }
    guard errno == EINPROGRESS else { throw .failed(SystemError.last.description) }
    guard try wait(for: POLLOUT, until: end) else { throw .failed(timeout.timedOutText) }
    if let error = pendingError { throw .failed(error.description) }
  }

  /// Sends all of it at once.
  func send(_ bytes: [UInt8]) throws(PathFailure) {
    let count = unsafe Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL))
    guard count >= 0 else { throw .failed(SystemError.last.description) }
    guard count == bytes.count else { throw .failed("the system took \(count) of \(bytes.count) bytes") }
  }

  /// Waits for an event, `POLLIN` or `POLLOUT`; false when the time is up.
  func wait(for event: Int32, until end: MonotonicTime) throws(PathFailure) -> Bool {
    while true {
      let left = max(0, min((end - MonotonicTime.now()).seconds * 1000, 60_000))
      var entries = [
        pollfd(fd: descriptor, events: Int16(event), revents: 0),
        pollfd(fd: interrupt.descriptor, events: Int16(POLLIN), revents: 0),
      ]
      let count = unsafe poll(&entries, 2, Int32(left.rounded(.up)))
      if count > 0, entries[1].revents != 0 { throw .cancelled }
      if count > 0 { return true }
      if count < 0, errno != EINTR { throw .failed(SystemError.last.description) }
      if left == 0 { return false }
    }
  }

  /// Lets a short time pass.
  func pause(_ duration: Duration) throws(PathFailure) {
    var entry = pollfd(fd: interrupt.descriptor, events: Int16(POLLIN), revents: 0)
    // A signal only makes the pause shorter.
    if unsafe poll(&entry, 1, Int32(max(1, duration.seconds * 1000))) > 0 { throw .cancelled }
  }

  /// Ends the stream in order, so that the peer sees no reset: reads what is there until the peer's end.
  func finish(within limit: Duration) throws(PathFailure) {
    let end = MonotonicTime.now() + limit
    shutdown(descriptor, Int32(SHUT_WR))
    var bytes = [UInt8](repeating: 0, count: 4096)
    while try wait(for: POLLIN, until: end) {
      let count = unsafe recv(descriptor, &bytes, bytes.count, 0)
      if count == 0 || (count < 0 && errno != EAGAIN) { return }
    }
  }

  /// Makes the close a reset, or an orderly one again: nothing is sent again after a reset.
  func setResetOnClose(_ isReset: Bool) {
    var value = linger(l_onoff: isReset ? 1 : 0, l_linger: 0)
    // Where it fails, the system goes on sending for a while after the close: nothing to tell anybody.
    unsafe setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &value, socklen_t(MemoryLayout<linger>.size))
  }
}
