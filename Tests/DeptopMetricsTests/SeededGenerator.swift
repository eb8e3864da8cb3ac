/// A generator whose numbers are the same in every run (xorshift64).
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  /// Takes a seed other than 0.
  init(seed: UInt64) {
    state = seed
  }

  mutating func next() -> UInt64 {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return state
  }
}
