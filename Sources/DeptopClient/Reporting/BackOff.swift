/// How long to stay away from a collector that does not answer: 1 s, doubled up to 30 s, and never quite the same.
struct BackOff: Sendable {
  static let first = Duration.seconds(1)
  static let longest = Duration.seconds(30)

  private var next = BackOff.first

  /// The time to wait after one more failure; a random share is taken off, so that applications do not return together.
  ///
  /// - Parameter random: 0…1.
  /// - Returns: At least 1 s, at most 30 s.
  mutating func afterFailure(random: Double = .random(in: 0...1)) -> Duration {
    let delay = next * (1 - random / 4)
    next = min(next * 2, BackOff.longest)
    return max(delay, BackOff.first)
  }

  /// Something was answered.
  mutating func reset() { next = BackOff.first }
}
