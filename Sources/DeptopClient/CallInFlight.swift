internal import Glibc

/// A call that has begun and has no answer yet.
///
/// It is a plain value that may be copied into a closure or a connection's state; end it exactly once, by
/// ``MonitoredDependency/end(_:_:)`` or ``MonitoredDependency/withdraw(_:)`` of the dependency that began it.
public struct CallInFlight: Sendable {
  /// When it began, nanoseconds of the monotonic clock.
  let began: UInt64
  let shard: Int
  /// Where its beginning is kept; nil when its age is not tracked.
  let slot: UInt8?
}

/// The host's monotonic clock.
enum MonotonicClock {
  /// Nanoseconds since an arbitrary moment.
  static func nanoseconds() -> UInt64 {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(truncatingIfNeeded: time.tv_sec) &* 1_000_000_000 &+ UInt64(truncatingIfNeeded: time.tv_nsec)
  }
}

extension Duration {
  /// Whole nanoseconds; 0 for what is negative, and at most 2^64 - 1.
  var wholeNanoseconds: UInt64 {
    let (seconds, attoseconds) = components
    guard seconds >= 0, attoseconds >= 0 else { return 0 }
    let (high, overflow) = UInt64(seconds).multipliedReportingOverflow(by: 1_000_000_000)
    guard !overflow else { return .max }
    let (sum, isTooLarge) = high.addingReportingOverflow(UInt64(attoseconds / 1_000_000_000))
    return isTooLarge ? .max : sum
  }
}
