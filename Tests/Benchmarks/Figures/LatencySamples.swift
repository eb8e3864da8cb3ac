internal import DeptopModel
internal import Glibc

/// Latencies of a known shape in nanoseconds, the same at every run with the same seed.
package struct LatencySamples: Sequence, IteratorProtocol, Sendable {
  /// What latencies of a service look like.
  package enum Shape: String, Sendable, CaseIterable {
    /// One service: the median is 8 ms.
    case lognormal
    /// A cache in front of a slow store: four of five take about 2 ms, one takes about 400 ms.
    case bimodal
  }

  /// Latencies lie within what the histogram counts without an end bucket.
  private static let range = 1e-6...99

  private let shape: Shape
  private var state: UInt64

  package init(_ shape: Shape, seed: UInt64) {
    self.shape = shape
    state = seed
  }

  package mutating func next() -> UInt64? {
    let seconds =
      switch shape {
      case .lognormal: logNormal(median: 0.008, sigma: 1.2)
      case .bimodal: uniform() < 0.8 ? logNormal(median: 0.002, sigma: 0.3) : logNormal(median: 0.4, sigma: 0.25)
      }
    return UInt64(seconds.clamped(to: LatencySamples.range) * 1e9)
  }

  /// A value whose logarithm is normally distributed, by the transform of Box and Muller.
  private mutating func logNormal(median: Double, sigma: Double) -> Double {
    let normal = sqrt(-2 * log(1 - uniform())) * cos(2 * .pi * uniform())
    return median * exp(sigma * normal)
  }

  /// 0..<1, from the 53 highest bits of SplitMix64's next number.
  private mutating func uniform() -> Double {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    mixed ^= mixed >> 31
    return Double(mixed >> 11) * 0x1p-53
  }
}
