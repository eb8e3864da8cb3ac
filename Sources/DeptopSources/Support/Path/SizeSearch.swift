/// Which packet size is tried next, to find the largest that passes with few connections.
///
/// First the largest that there can be, which ends the search on a healthy path. Then one that every path should take,
/// to know that anything passes. Then the sizes that networks and tunnels leave, and the byte above the one found, as
/// long as halving could still end to the byte; and halving.
package struct SizeSearch {
  /// Connections that one search may cost.
  package static let attemptLimit = 12
  /// The largest packet that is ever tried, bytes: the usual jumbo frame of a cloud network.
  package static let largestPacket = 9001
  /// Those that networks and tunnels leave, and two between that keep the gaps small.
  ///
  /// The last two are AWS' transit gateway, and a jumbo frame less VXLAN.
  private static let usualSizes = [1280, 1320, 1350, 1380, 1400, 1420, 1440, 1450, 1460, 1476, 1480, 1500, 8500, 8951]

  /// The largest that is known to pass, bytes.
  package private(set) var passed: Int?
  /// The smallest that is known to be lost without a word, bytes.
  package private(set) var lost: Int?
  /// What is tried to see that anything passes, largest first.
  private let floors: [Int]
  private var ceiling: Int
  private var attempts = 0

  /// Begins a search; IPv4 hosts take 576 bytes at least (RFC 791), IPv6 links 1280 (RFC 8200).
  package init(isV4: Bool, ceiling: Int = SizeSearch.largestPacket) {
    floors = isV4 ? [1280, 576] : [1280]
    self.ceiling = max(isV4 ? 576 : 1280, min(ceiling, SizeSearch.largestPacket))
  }

  /// True when the largest packet is known to the byte.
  package var isExact: Bool {
    guard let passed else { return false }
    return lost.map { $0 - passed <= 1 } ?? (passed >= ceiling)
  }

  /// The size of the next packet, IP header included; nil when the search is over.
  package var next: Int? {
    guard attempts < SizeSearch.attemptLimit, !isExact else { return nil }
    guard let lost else { return ceiling }
    guard let passed else { return floors.first { $0 < lost } }
    let middle = passed + (lost - passed) / 2
    let guess = guess(between: passed, and: lost) ?? middle
    // What halving can still tell apart before and after one more connection.
    let (now, then) = (1 << (SizeSearch.attemptLimit - attempts), 1 << (SizeSearch.attemptLimit - attempts - 1))
    let isTooCostly = lost - passed <= now && max(guess - passed, lost - guess) > then
    return isTooCostly ? middle : guess
  }

  private func guess(between passed: Int, and lost: Int) -> Int? {
    let usual = SizeSearch.usualSizes.filter { passed < $0 && $0 < lost }
    if !usual.isEmpty { return usual[usual.count / 2] }
    return SizeSearch.usualSizes.contains(passed) ? passed + 1 : nil
  }

  /// Takes one outcome in.
  package mutating func note(_ outcome: SizeOutcome, ofPacket size: Int) {
    attempts += 1
    switch outcome {
    case .passed(let actual):
      passed = max(passed ?? 0, actual)
      // The peer or the route asks for smaller packets than the one that was wanted.
      if actual < size { ceiling = min(ceiling, actual) }
    case .lost(let actual):
      lost = min(lost ?? actual, actual)
    case .reduced(let told):
      ceiling = max(floors.last ?? 0, passed ?? 0, min(ceiling, told))
      if let lost, lost > ceiling { self.lost = nil }
    }
  }
}

/// What became of one packet; sizes in bytes, IP header included.
package enum SizeOutcome: Hashable {
  /// It was acknowledged.
  case passed(Int)
  /// Nothing came back.
  case lost(Int)
  /// A router, or this host's own interface, said that no more than this fits: not a silent loss.
  case reduced(Int)
}
