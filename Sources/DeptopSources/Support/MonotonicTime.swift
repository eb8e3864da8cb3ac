internal import DeptopModel
internal import Glibc

/// A moment on the host's monotonic clock, which stands still while the host is suspended.
package struct MonotonicTime: Sendable, Hashable, Comparable {
  /// Nanoseconds on CLOCK_MONOTONIC.
  package let nanoseconds: Int64

  package static func now() -> MonotonicTime {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return MonotonicTime(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
  }

  package static func < (left: MonotonicTime, right: MonotonicTime) -> Bool { left.nanoseconds < right.nanoseconds }

  package static func + (time: MonotonicTime, interval: Duration) -> MonotonicTime {
    MonotonicTime(nanoseconds: time.nanoseconds + Int64((interval.seconds * 1e9).rounded()))
  }

  package static func - (left: MonotonicTime, right: MonotonicTime) -> Duration {
    .nanoseconds(left.nanoseconds - right.nanoseconds)
  }
}

extension Duration {
  /// What is said of a peer that did not answer within this time.
  package var timedOutText: String { "timed out after \((seconds * 100).rounded() / 100) s" }
}
