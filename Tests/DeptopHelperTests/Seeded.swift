/// Numbers that look random and are the same in every run (SplitMix64).
struct Seeded: RandomNumberGenerator {
  private var state: UInt64

  init(_ seed: UInt64) {
    state = seed
  }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = (state ^ state >> 30) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
    return mixed ^ mixed >> 31
  }

  mutating func bytes(_ count: Int) -> [UInt8] {
    (0..<count).map { _ in UInt8.random(in: 0...255, using: &self) }
  }

  /// A message with some bytes changed, cut off or put in.
  mutating func damaged(_ bytes: [UInt8]) -> [UInt8] {
    var result = bytes
    for _ in 0..<Int.random(in: 1...4, using: &self) {
      let position = Int.random(in: 0...result.count, using: &self)
      switch Int.random(in: 0..<4, using: &self) {
      case 0: result.removeSubrange(position...)
      case 1: result.insert(contentsOf: self.bytes(4), at: position)
      default: if position < result.count { result[position] = UInt8.random(in: 0...255, using: &self) }
      }
    }
    return result
  }
}
