internal import CClient
internal import Glibc
internal import Synchronization

/// A flag that threads wait for with a time limit: an eventfd.
final class Wakeup: Sendable {
  /// -1 when the host had no descriptor left: waiting then looks at the flag again every 100 ms.
  let descriptor: Int32
  private let flag = Atomic<Bool>(false)

  init() {
    descriptor = cclient_event()
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
  }

  var isSet: Bool { flag.load(ordering: .acquiring) }

  /// Sets the flag and wakes whoever waits.
  func set() {
    guard !flag.exchange(true, ordering: .acquiringAndReleasing) else { return }
    var one: UInt64 = 1
    // A counter that is full is readable as well, so that a write that fails loses nothing.
    _ = unsafe write(descriptor, &one, 8)
  }

  /// Clears the flag; true when it was set.
  func clear() -> Bool {
    var count: UInt64 = 0
    _ = unsafe read(descriptor, &count, 8)
    return flag.exchange(false, ordering: .acquiringAndReleasing)
  }

  /// Waits until this or the other flag is set, or the time is over.
  func wait(for timeout: Duration, or other: Wakeup? = nil) {
    let deadline = MonotonicClock.deadline(in: timeout)
    while !isSet, other?.isSet != true {
      let left = MonotonicClock.millisecondsLeft(to: deadline)
      guard left > 0 else { return }
      var waits = [
        pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
        pollfd(fd: other?.descriptor ?? -1, events: Int16(POLLIN), revents: 0),
      ]
      let isDeaf = descriptor < 0 || (other?.descriptor ?? 0) < 0
      _ = unsafe poll(&waits, 2, isDeaf ? min(left, 100) : left)
    }
  }
}

extension MonotonicClock {
  /// The moment at the end of a time limit, nanoseconds; limits are cut to a day.
  static func deadline(in timeout: Duration) -> UInt64 {
    nanoseconds() &+ min(max(timeout, .zero), .seconds(86_400)).wholeNanoseconds
  }

  /// Milliseconds until a deadline for poll(2), rounded up; 0 when it is over.
  static func millisecondsLeft(to deadline: UInt64) -> Int32 {
    let now = nanoseconds()
    return now < deadline ? Int32(clamping: (deadline - now + 999_999) / 1_000_000) : 0
  }
}
