internal import NIOCore

/// Arithmetic with ``LabClock``'s microseconds.
enum Moment {
  /// The longest time that is counted with: a day.
  private static let longest = 86_400.0

  /// Seconds as whole microseconds, 0 up to a day; what is no number counts as 0.
  static func microseconds(_ seconds: Double) -> Int64 {
    seconds.isFinite ? Int64(min(max(seconds, 0), longest) * 1_000_000) : 0
  }

  /// The moment at the end of a limit; nil without one.
  static func end(of limit: Double?, from now: Int64) -> Int64? { limit.map { now + microseconds($0) } }

  /// The earlier of two moments; nil means never.
  static func earlier(_ one: Int64?, _ other: Int64?) -> Int64? {
    guard let one, let other else { return one ?? other }
    return min(one, other)
  }

  /// The same moment for an event loop, whose clock is the same one.
  static func deadline(_ moment: Int64) -> NIODeadline {
    .uptimeNanoseconds(UInt64(max(0, moment)) &* 1000)
  }
}
