internal import DeptopModel

/// What proves an action: readings of its dependency at one moment, on the kernel's peers.
struct ActionReadings: Sendable {
  let at: WallTime
  /// True when the kernel's table was read lately: else that a connection is missing says nothing.
  let isKnown: Bool
  /// Connections of the plan that the kernel still has.
  let targetsLeft: Int
  /// Established connections of the clients that hold the plan's connections.
  let total: Int
  /// Those of them on an address that is not one of the plan's destinations.
  let onOther: Int
  let pending: Int?
  let oldestWait: Duration?
  let ownerAddresses: [IPAddress]?
  /// The breakers that the plan is about, by client.
  let breakers: [String: BreakerState]
  private let sweptBy: SourceID?

  init(_ plan: Plan, _ detail: DependencyDetail?, at now: WallTime = .now()) {
    at = now
    let connections = detail?.connections ?? []
    let cookies = Set(plan.targets.filter(\.isInKernel).map(\.cookie))
    let unlisted = Set(plan.targets.filter { !$0.isInKernel }.map(\.ends))
    let destinations = Set(plan.destinations.map(\.address))
    targetsLeft = connections.count { connection in
      cookies.contains(connection.cookie)
        || ConnectionPair(onHost: connection).map(unlisted.contains) ?? false
    }
    isKnown = detail?.dependency.isSweepFresh ?? false
    let established = connections.filter { $0.state == "established" }
    let listed = established.filter { $0.pool != nil }
    let pooled = listed.isEmpty ? established : listed
    total = pooled.count
    onOther = destinations.isEmpty ? 0 : pooled.count { !destinations.contains($0.remote.address) }
    pending = detail?.dependency.pools.compactMap(\.value.pending).reduce(nil) { ($0 ?? 0).addingSaturated($1) }
    oldestWait = detail?.dependency.pools.compactMap(\.value.oldestWait).max()
    ownerAddresses = detail?.dependency.resolution?.owner?.value.addresses
    let told = Set(plan.clients.map(\.name))
    breakers = Dictionary(
      (detail?.dependency.breakers ?? []).filter { told.contains($0.value.client) }
        .map { ($0.value.client, $0.value.state) }, uniquingKeysWith: { first, _ in first })
    sweptBy = detail?.dependency.sockets?.source
  }

  /// True when the kernel has none of the plan's connections any more.
  var provesNoneLeft: Bool { isKnown && targetsLeft == 0 }
  /// True when every connection of the pool goes where the plan said that new ones go.
  var isInPlace: Bool { onOther == 0 }

  /// Breakers of the plan that are not in the wanted state, or not reported; nil when the plan is about none.
  func breakersLeft(_ plan: Plan) -> Int? {
    guard plan.request.verb == .breaker, let wanted = plan.request.breaker else { return nil }
    return plan.clients.count { breakers[$0.name].map { !wanted.isReached(by: $0) } ?? true }
  }

  /// Each reading before and after.
  func compared(to after: ActionReadings, by plan: Plan) -> [Comparison] {
    guard plan.request.verb == .breaker else { return compared(to: after) }
    return plan.clients.map(\.name).sorted().map { client in
      Comparison(
        reading: "breaker of \(client)", before: breakers[client]?.rawValue ?? "not reported",
        after: after.breakers[client]?.rawValue ?? "not reported", note: "read from the client's own report")
    }
  }

  private func compared(to after: ActionReadings) -> [Comparison] {
    var rows = [
      Comparison(
        reading: "on old address", before: "\(onOther) of \(total)", after: "\(after.onOther) of \(after.total)",
        note: after.sweptBy.map { "read from the \($0)'s peers" }),
      Comparison(reading: "planned connections left", before: "\(targetsLeft)", after: "\(after.targetsLeft)"),
    ]
    if let pending, let later = after.pending {
      rows.append(Comparison(reading: "callers waiting", before: "\(pending)", after: "\(later)"))
    }
    if let oldestWait, let later = after.oldestWait {
      rows.append(Comparison(reading: "oldest wait", before: oldestWait.inWords, after: later.inWords))
    }
    if let ownerAddresses, let later = after.ownerAddresses {
      rows.append(
        Comparison(reading: "the pool's own answer", before: ownerAddresses.inWords, after: later.inWords))
    }
    return rows
  }
}

extension Dependency {
  /// True when the kernel's table was read, and its source answers.
  var isSweepFresh: Bool {
    guard let sockets else { return false }
    return !silentSources.contains { $0.source == sockets.source }
  }
}

extension BreakerState {
  /// True when a breaker that was to be put into this state is in it, or has gone on from it by itself.
  fileprivate func isReached(by state: BreakerState) -> Bool {
    state == self || (self == .halfOpen && (state == .closed || state == .open))
      || (self == .open && state == .forcedOpen)
  }
}

extension [IPAddress] {
  fileprivate var inWords: String { isEmpty ? "none" : map(\.description).joined(separator: ", ") }
}

extension Duration {
  /// `under 1 ms`, `12 ms`, `4.2 s`.
  var inWords: String {
    if self > .zero, seconds < 0.000_5 { return "under 1 ms" }
    return seconds < 1 ? "\(Int((seconds * 1000).rounded())) ms" : "\((seconds * 10).rounded() / 10) s"
  }
}
