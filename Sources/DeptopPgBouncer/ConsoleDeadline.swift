internal import Glibc

/// The moment by which a call to the console has to be over.
struct ConsoleDeadline: Sendable {
  private let end: ContinuousClock.Instant
  /// The time that the call was given, for its error.
  let limit: Duration

  init(after limit: Duration) {
    self.limit = limit
    end = .now + limit
  }

  var remaining: Duration { max(end - .now, .zero) }
  var hasPassed: Bool { remaining == .zero }

  /// Waits until a descriptor is ready for one of the events; false when the time is up.
  func waits(for events: Int32, on descriptor: Int32) -> Bool {
    var request = pollfd(fd: descriptor, events: Int16(truncatingIfNeeded: events), revents: 0)
    while true {
      // Rounded up, or the last millisecond would be spent in a busy loop.
      let milliseconds = Int32(min((remaining / .milliseconds(1)).rounded(.up), 1e9))
      let count = unsafe poll(&request, 1, milliseconds)
      if count > 0 { return true }
      if count == 0 && hasPassed { return false }
      if count < 0 && errno != EINTR { return true }
    }
  }
}
