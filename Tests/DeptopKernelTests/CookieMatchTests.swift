import DeptopKernel
import Testing

@Suite("Cookie match")
struct CookieMatchTests {
  @Test(
    arguments: [
      ([], [], []),
      ([1], [], [nil]),
      ([], [1], []),
      ([1, 2, 3], [1, 2, 3], [0, 1, 2]),
      ([1, 3], [1, 2, 3], [0, 2]),
      ([1, 9, 2], [1, 2], [0, nil, 1]),
      ([3, 2, 1], [1, 2, 3], [2, 1, 0]),
      ([2, 1, 9], [1, 2], [1, 0, nil]),
    ] as [([UInt64], [UInt64], [Int?])])
  func `each socket is found where it was`(new: [UInt64], old: [UInt64], expected: [Int?]) {
    #expect(CookieMatch(of: new, in: old).positions == expected)
  }

  @Test func `a long gap puts the lists out of step and changes no result`() {
    let old = Array(0..<1000 as Range<UInt64>)
    let new = Array(old[..<100] + old[900...])
    #expect(CookieMatch(of: new, in: old).positions == new.map { Int($0) })
  }

  @Test(arguments: 1...20 as ClosedRange<UInt64>)
  func `any order and any churn give what a search would`(seed: UInt64) {
    var random = SplitMix(state: seed)
    let old = Array(0..<500 as Range<UInt64>).shuffled(using: &random)
    var new = old.filter { _ in UInt8.random(in: 0..<10, using: &random) != 0 }
    for added in 1000..<1050 as Range<UInt64> { new.insert(added, at: .random(in: 0...new.count, using: &random)) }
    for _ in 0..<20 { new.swapAt(.random(in: new.indices, using: &random), .random(in: new.indices, using: &random)) }
    #expect(CookieMatch(of: new, in: old).positions == new.map { old.firstIndex(of: $0) })
  }
}
