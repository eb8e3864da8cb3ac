package import DeptopModel

/// What is known of the paths, and which checks are due.
package struct PathBoard {
  package static let sweepInterval = Duration.seconds(600)
  /// The shortest time between two sweeps of one address, however often one is asked for.
  package static let shortestSweepInterval = Duration.seconds(30)

  private var places: [PathPlace.Key: PathPlace] = [:]
  private var checks: [PathPlace.Key: PathCheck] = [:]
  private var news: Set<PathPlace.Key> = []
  private var handshaking: Set<PathPlace.Key> = []
  private var sweeping: Set<PathPlace.Key> = []
  private var sweptAt: [PathPlace.Key: MonotonicTime] = [:]

  package init() {}

  /// Takes the places that can be connected to now, in place of the earlier ones.
  package mutating func replacePlaces(with new: [PathPlace]) {
    places = Dictionary(new.map { ($0.key, $0) }) { first, _ in first }
    let places = places
    checks = checks.filter { places[$0.key] != nil }
  }

  /// The places whose handshake or first byte is to be timed: all where it can be and is not being timed already.
  package mutating func takeHandshakes() -> [PathPlace] {
    let due = places.values.filter { $0.speech.isTimed && !handshaking.contains($0.key) }.sorted { $0.key < $1.key }
    handshaking.formUnion(due.map(\.key))
    return due
  }

  /// The places whose sizes are due.
  package mutating func takeSweeps(at now: MonotonicTime) -> [PathPlace] {
    takeSweeps(at: now, notWithin: PathBoard.sweepInterval) { _ in true }
  }

  /// The places of these dependencies whose sizes are to be looked at out of turn.
  package mutating func takeSweeps(of dependencies: Set<DependencyID>, at now: MonotonicTime) -> [PathPlace] {
    takeSweeps(at: now, notWithin: PathBoard.shortestSweepInterval) { dependencies.contains($0.dependency) }
  }

  private mutating func takeSweeps(
    at now: MonotonicTime, notWithin pause: Duration, where isWanted: (PathPlace.Key) -> Bool
  ) -> [PathPlace] {
    let due = places.values.filter { place in
      place.isSizeProbed && isWanted(place.key) && !sweeping.contains(place.key)
        && sweptAt[place.key].map { now - $0 >= pause } ?? true
    }
    for place in due {
      sweeping.insert(place.key)
      sweptAt[place.key] = now
    }
    return due.sorted { $0.key < $1.key }
  }

  /// Takes a handshake check's result in; nil when it was given up.
  package mutating func note(_ findings: HandshakeFindings?, for key: PathPlace.Key) {
    handshaking.remove(key)
    guard let findings, places[key] != nil else { return }
    var check = checks[key] ?? PathCheck(address: key.address)
    check.tlsHandshake = findings.tlsHandshake
    check.tlsFailure = findings.tlsFailure
    check.firstByte = findings.firstByte
    check.firstByteFailure = findings.firstByteFailure
    checks[key] = check
    news.insert(key)
  }

  /// Takes a sweep's result in; nil when it was given up.
  package mutating func note(_ findings: SizeFindings?, for key: PathPlace.Key) {
    sweeping.remove(key)
    guard let findings, places[key] != nil else { return }
    var check = checks[key] ?? PathCheck(address: key.address)
    check.largestPacket = findings.largestPacket
    check.smallestLost = findings.smallestLost
    check.overlay = findings.overlay
    check.sizeProblem = findings.problem
    checks[key] = check
    news.insert(key)
  }

  /// What was found out since the call before.
  package mutating func takeNews() -> [(DependencyID, PathCheck)] {
    defer { news = [] }
    return news.sorted().compactMap { key in checks[key].map { (key.dependency, $0) } }
  }
}
