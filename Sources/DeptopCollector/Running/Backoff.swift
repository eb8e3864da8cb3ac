internal import DeptopModel

/// How long a source that fails is left alone: doubled with each failure, with jitter, up to a limit.
///
/// Half of each pause is random, so that sources that failed together are not asked again together.
struct Backoff: Sendable {
  /// The longest pause.
  static let limit = Duration.seconds(30)
  /// The pause before a source is asked again that only a person can mend.
  static let permanent = Duration.seconds(30)

  /// The pause after a number of failures in a row, 1 or more.
  ///
  /// - Parameters:
  ///   - failures: Failures since the last success.
  ///   - interval: The source's own interval: the shortest pause.
  ///   - jitter: 0…1, where 1 leaves the pause whole.
  /// - Returns: At least half of the interval, at most the limit or the interval.
  static func pause(after failures: Int, interval: Duration, jitter: Double) -> Duration {
    let doubled = interval * (1 << min(max(failures, 1) - 1, 10))
    let whole = min(doubled, max(limit, interval))
    return max(interval / 2, whole * (0.5 + 0.5 * jitter))
  }
}
