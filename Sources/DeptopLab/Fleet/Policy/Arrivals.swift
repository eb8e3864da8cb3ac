internal import Glibc

/// When requests come: a Poisson process, in which each one comes without regard to the others.
enum Arrivals {
  /// The longest time until the rate is looked at again, microseconds.
  ///
  /// Times between arrivals have no memory, so that drawing again after it changes nothing.
  static let longestGap: Int64 = 100_000

  /// Draws the time to the next arrival.
  ///
  /// - Parameters:
  ///   - rate: Arrivals a second; none for 0, less or no number.
  ///   - random: 0..<1.
  /// - Returns: Microseconds; nil when none comes within ``longestGap``.
  static func gap(rate: Double, random: Double) -> Int64? {
    guard rate.isFinite, rate > 0 else { return nil }
    let gap = -log(1 - random) / rate * 1_000_000
    return gap <= Double(longestGap) ? Int64(gap) : nil
  }
}
