/// Finds the sockets of one list again in an earlier one, by their cookies.
///
/// The kernel walks its tables in the same order each time, so the lists of successive sweeps run in step but for what
/// came and went. To go along both costs a fraction of looking each socket up, which misses the processor's caches
/// nearly every time. What is out of step is looked up, so that any order gives the same result.
package struct CookieMatch: Sendable {
  /// How many sockets may have gone in a row before the rest counts as out of step.
  private static let lookAhead = 8

  /// For each socket of the new list its position in the old one; nil for one that is not in it.
  package private(set) var positions: [Int?] = []
  /// Positions of the old list that were passed over.
  private var passedOver: [Range<Int>] = []
  /// Positions of the new list that nothing was found for so far.
  private var unmatched: [Int] = []

  /// Complexity: O(n) for the longer list.
  package init(of new: [UInt64], in old: [UInt64]) {
    followOrder(of: new, in: old)
    lookUpStrays(of: new, in: old)
  }

  private mutating func followOrder(of new: [UInt64], in old: [UInt64]) {
    positions.reserveCapacity(new.count)
    var next = 0
    for cookie in new {
      let horizon = min(next + Self.lookAhead, old.count)
      if let found = (next..<horizon).first(where: { old[$0] == cookie }) {
        if found > next { passedOver.append(next..<found) }
        positions.append(found)
        next = found + 1
      } else {
        unmatched.append(positions.count)
        positions.append(nil)
      }
    }
    if next < old.count { passedOver.append(next..<old.count) }
  }

  private mutating func lookUpStrays(of new: [UInt64], in old: [UInt64]) {
    guard !unmatched.isEmpty && !passedOver.isEmpty else { return }
    var strays: [UInt64: Int] = [:]
    for position in passedOver.joined() { strays[old[position]] = position }
    for position in unmatched { positions[position] = strays[new[position]] }
  }
}
