internal import DeptopModel

/// What was ever answered for one name: the fold of its resolvers' answers.
struct NameKnowledge: Sendable {
  /// Changes that are kept.
  static let changesKept = 20
  /// Addresses that are kept; the ones that left longest ago go first.
  static let addressesKept = 256
  /// How long what a resolver said last still counts while others answer and it does not.
  static let silenceEndured = Duration.seconds(60)

  private(set) var resolution: Resolution
  /// The last addresses of each resolver: what it said stays true while it merely fails to answer for a while.
  private var voices: [String: Voice] = [:]

  /// What one resolver said last.
  private struct Voice: Sendable {
    var addresses: [IPAddress]
    var ttl: Duration
    var at: WallTime
    var failingSince: WallTime?
    /// Its consecutive answers without each address of the history.
    var missed: [IPAddress: Int] = [:]
  }

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

  /// Takes what the resolvers that were asked at one moment said.
  ///
  /// A failure replaces what that resolver says now and changes nothing of the history. Answers that come together are
  /// taken together: else the first of them would seem to lack what only the next one gives.
  mutating func record(_ answers: [ResolverAnswer], from source: SourceID, at now: WallTime) {
    for answer in answers {
      replace(answer, from: source, at: now)
      hear(answer, at: now)
    }
    let good = answers.compactMap(\.addresses)
    guard !good.isEmpty else { return }
    dropOutlived(at: now)
    resolution.answers += good.count
    resolution.firstAnsweredAt = resolution.firstAnsweredAt ?? now
    updateCurrent(answered: Set(good.joined()), at: now)
  }

  /// Forgets what resolvers say now, when others are going to be asked; the history stays.
  mutating func forgetResolvers() {
    resolution.resolvers = []
    voices = [:]
  }

  mutating func record(owner: Reading<OwnerResolution>?) {
    resolution.owner = owner
  }
}

extension NameKnowledge {
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

  private mutating func hear(_ answer: ResolverAnswer, at now: WallTime) {
    guard case .addresses(let addresses, let ttl) = answer.outcome else {
      let failingSince = voices[answer.resolver]?.failingSince ?? now
      voices[answer.resolver]?.failingSince = failingSince
      return
    }
    var voice = Voice(addresses: addresses, ttl: ttl, at: now)
    let before = voices[answer.resolver]?.missed ?? [:]
    for address in resolution.history.map(\.address) where !addresses.contains(address) {
      voice.missed[address] = before[address, default: 0] + 1
    }
    voices[answer.resolver] = voice
  }

  /// A resolver that has failed for a minute, or is not asked any more, does not keep an address alive that others
  /// dropped.
  ///
  /// One that is simply not due yet does: it may hold its answer for longer than the others.
  private mutating func dropOutlived(at now: WallTime) {
    voices = voices.filter { _, voice in
      let limit = NameKnowledge.silenceEndured
      if let failingSince = voice.failingSince { return now - failingSince <= limit }
      return now - voice.at <= max(voice.ttl * 2, limit)
    }
  }

  private mutating func updateCurrent(answered: Set<IPAddress>, at now: WallTime) {
    let union = Set(voices.values.flatMap(\.addresses))
    let before = resolution.addresses.isEmpty ? stillPresent : resolution.addresses
    resolution.addresses = union.sorted()
    resolution.ttl = voices.values.map(\.ttl).min() ?? resolution.ttl
    for address in union { see(address, isAnswered: answered.contains(address), at: now) }
    for index in resolution.history.indices where !union.contains(resolution.history[index].address) {
      miss(index, at: now)
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

  private mutating func see(_ address: IPAddress, isAnswered: Bool, at now: WallTime) {
    guard let index = resolution.history.firstIndex(where: { $0.address == address }) else {
      resolution.history.append(AddressHistory(address: address, firstSeenAt: now, lastSeenAt: now))
      return
    }
    if resolution.history[index].leftAt != nil { resolution.history[index].returns += 1 }
    resolution.history[index].leftAt = nil
    resolution.history[index].absences = 0
    if isAnswered { resolution.history[index].lastSeenAt = now }
  }

  /// Counts an absence when every resolver has answered once more without the address.
  private mutating func miss(_ index: Int, at now: WallTime) {
    let address = resolution.history[index].address
    if resolution.history[index].leftAt == nil {
      resolution.history[index].leftAt = now
      for resolver in voices.keys { voices[resolver]?.missed[address] = 1 }
    }
    let missedByAll = voices.values.map { $0.missed[address, default: 0] }.min() ?? 0
    resolution.history[index].absences = max(resolution.history[index].absences, missedByAll)
  }

  private mutating func boundHistory() {
    let excess = resolution.history.count - NameKnowledge.addressesKept
    guard excess > 0 else { return }
    let oldest = resolution.history.sorted { $0.lastSeenAt < $1.lastSeenAt }.prefix(excess).map(\.address)
    resolution.history.removeAll { oldest.contains($0.address) }
  }
}
