internal import DeptopModel

/// What was ever answered for one name: the fold of its resolvers' answers.
struct NameKnowledge: Sendable {
  /// Changes that are kept.
  static let changesKept = 20
  /// Addresses that are kept; the ones that left longest ago go first.
  static let addressesKept = 256

  private(set) var resolution: Resolution

  init(name: String) {
    resolution = Resolution(name: name)
  }

  /// Continues from what an earlier collector remembered.
  init(name: String, remembered: RememberedAnswers) {
    resolution = Resolution(name: name)
    resolution.history = remembered.history
    resolution.changes = remembered.changes
    resolution.answers = remembered.answers
    resolution.firstAnsweredAt = remembered.firstAnsweredAt
  }

  /// What has to survive a restart.
  var remembered: RememberedAnswers {
    RememberedAnswers(
      answers: resolution.answers, firstAnsweredAt: resolution.firstAnsweredAt, history: resolution.history,
      changes: resolution.changes)
  }

  /// Takes one resolver's answer.
  ///
  /// A failure replaces what that resolver says now and changes nothing of the history.
  mutating func record(_ answer: ResolverAnswer, from source: SourceID, at now: WallTime) {
    replace(answer, from: source, at: now)
    guard let addresses = answer.addresses else { return }
    lastGood[answer.resolver] = (addresses, now)
    dropOutlived(at: now)
    resolution.answers += 1
    resolution.firstAnsweredAt = resolution.firstAnsweredAt ?? now
    updateCurrent(at: now)
  }

  /// Forgets what resolvers say now, when others are going to be asked; the history stays.
  mutating func forgetResolvers() {
    resolution.resolvers = []
    lastGood = [:]
  }

  mutating func record(owner: Reading<OwnerResolution>?) {
    resolution.owner = owner
  }

  /// The last addresses of each resolver: what it said stays true while it merely fails to answer for a while.
  private var lastGood: [String: (addresses: [IPAddress], at: WallTime)] = [:]

  /// A resolver that has been silent for a minute and two TTLs does not keep an address alive that others dropped.
  private mutating func dropOutlived(at now: WallTime) {
    let limit = max((resolution.ttl ?? .zero) * 2, .seconds(60))
    lastGood = lastGood.filter { now - $0.value.at <= limit }
  }

  private mutating func replace(_ answer: ResolverAnswer, from source: SourceID, at now: WallTime) {
    let index = resolution.resolvers.firstIndex { $0.value.resolver == answer.resolver }
    guard let index else {
      resolution.resolvers.append(Reading(answer, source: source, observedAt: now))
      return
    }
    if resolution.resolvers[index].value != answer {
      resolution.resolvers[index] = Reading(answer, source: source, observedAt: now)
    }
  }

  private mutating func updateCurrent(at now: WallTime) {
    let union = Set(lastGood.values.flatMap(\.addresses))
    let before = resolution.addresses.isEmpty ? stillPresent : resolution.addresses
    resolution.addresses = union.sorted()
    resolution.ttl = resolution.resolvers.compactMap(\.value.ttl).min() ?? resolution.ttl
    for address in union { see(address, at: now) }
    for index in resolution.history.indices where !union.contains(resolution.history[index].address) {
      resolution.history[index].absences += 1
      resolution.history[index].leftAt = resolution.history[index].leftAt ?? now
    }
    if !before.isEmpty, before != resolution.addresses {
      resolution.changes.append(AnswerChange(at: now, from: before, to: resolution.addresses))
      resolution.changes = Array(resolution.changes.suffix(NameKnowledge.changesKept))
    }
    boundHistory()
  }

  /// The addresses that had not left when the history was last written.
  private var stillPresent: [IPAddress] {
    resolution.history.filter { $0.leftAt == nil }.map(\.address).sorted()
  }

  private mutating func see(_ address: IPAddress, at now: WallTime) {
    guard let index = resolution.history.firstIndex(where: { $0.address == address }) else {
      resolution.history.append(AddressHistory(address: address, firstSeenAt: now, lastSeenAt: now))
      return
    }
    if resolution.history[index].leftAt != nil { resolution.history[index].returns += 1 }
    resolution.history[index].leftAt = nil
    resolution.history[index].absences = 0
    resolution.history[index].lastSeenAt = now
  }

  private mutating func boundHistory() {
    let excess = resolution.history.count - NameKnowledge.addressesKept
    guard excess > 0 else { return }
    let oldest = resolution.history.sorted { $0.lastSeenAt < $1.lastSeenAt }.prefix(excess).map(\.address)
    resolution.history.removeAll { oldest.contains($0.address) }
  }
}
