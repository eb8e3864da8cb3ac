internal import Glibc

/// A moment on the host's wall clock, as seconds since 1970-01-01 UTC.
///
/// Readings carry the moment at which they were taken instead of an age, so that a value that did not
/// change stays equal from one snapshot to the next.
package struct WallTime: Sendable, Hashable, Comparable, Codable {
  /// The largest number of seconds that is read, for a moment as for a duration: 31,700 years.
  package static let largestSeconds = 1e12

  /// Seconds since 1970-01-01 00:00:00 UTC; microsecond resolution.
  package var secondsSinceEpoch: Double

  package init(secondsSinceEpoch: Double) {
    self.secondsSinceEpoch = secondsSinceEpoch
  }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    secondsSinceEpoch = try container.decode(Double.self)
    guard secondsSinceEpoch.magnitude <= WallTime.largestSeconds else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "expected at most \(WallTime.largestSeconds) s, not \(secondsSinceEpoch) s")
    }
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode((secondsSinceEpoch * 1e6).rounded() / 1e6)
  }

  /// The host's clock now.
  package static func now() -> WallTime {
    var time = timespec()
    unsafe clock_gettime(CLOCK_REALTIME, &time)
    return WallTime(secondsSinceEpoch: Double(time.tv_sec) + Double(time.tv_nsec / 1000) / 1e6)
  }

  package static func < (left: WallTime, right: WallTime) -> Bool {
    left.secondsSinceEpoch < right.secondsSinceEpoch
  }

  package static func - (left: WallTime, right: WallTime) -> Duration {
    .seconds(left.secondsSinceEpoch - right.secondsSinceEpoch)
  }

  package static func + (time: WallTime, interval: Duration) -> WallTime {
    WallTime(secondsSinceEpoch: time.secondsSinceEpoch + interval.seconds)
  }

  package static func - (time: WallTime, interval: Duration) -> WallTime {
    WallTime(secondsSinceEpoch: time.secondsSinceEpoch - interval.seconds)
  }
}

extension Duration {
  /// The duration as fractional seconds.
  package var seconds: Double { self / .seconds(1) }
}
