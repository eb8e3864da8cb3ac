import Glibc

/// The descriptors of one poll.
struct PollSet {
  private var entries: [pollfd] = []

  var count: Int { entries.count }

  /// Adds a descriptor and answers its index; a negative descriptor is never ready.
  @discardableResult
  mutating func add(_ descriptor: CInt, _ events: Int32) -> Int {
    entries.append(pollfd(fd: descriptor, events: Int16(events), revents: 0))
    return entries.count - 1
  }

  /// Waits until a descriptor is ready or the instant has come; nil waits for ever.
  mutating func poll(until deadline: ContinuousClock.Instant?) {
    let milliseconds = deadline.map { PollSet.milliseconds(in: ContinuousClock.now.duration(to: $0)) } ?? -1
    let count = nfds_t(entries.count)
    let ready = unsafe entries.withUnsafeMutableBufferPointer { unsafe Glibc.poll($0.baseAddress, count, milliseconds) }
    // Interrupted: what the entries say is not defined.
    if ready < 0 { for index in entries.indices { entries[index].revents = 0 } }
  }

  func has(_ events: Int32, at index: Int) -> Bool { Int32(entries[index].revents) & events != 0 }

  /// Rounded up, so that a wait does not end before its time.
  static func milliseconds(in duration: Duration) -> CInt {
    let (seconds, attoseconds) = duration.components
    guard seconds >= 0, attoseconds >= 0 else { return 0 }
    guard seconds < 1_000_000 else { return 1_000_000_000 }
    return CInt(seconds * 1000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
  }
}
