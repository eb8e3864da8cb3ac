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
  private let sweptBy: SourceID?

  init(_ plan: Plan, _ detail: DependencyDetail?, at now: WallTime = .now()) {
    at = now
    let connections = detail?.connections ?? []
    let cookies = Set(plan.targets.filter(\.isInKernel).map(\.cookie))
    let unlisted = Set(plan.targets.filter { !$0.isInKernel }.map(\.ends))
    let destinations = Set(plan.destinations.map(\.address))
    targetsLeft = connections.count { connection in
      cookies.contains(connection.cookie)
        || unlisted.contains(ConnectionPair(local: connection.local, remote: connection.remote))
    }
    isKnown = detail?.dependency.isSweepFresh ?? false
    let pooled = connections.filter { $0.pool != nil && $0.state == "established" }
    total = pooled.count
    onOther = destinations.isEmpty ? 0 : pooled.count { !destinations.contains($0.remote.address) }
    pending = detail?.dependency.pools.map(\.value.pending).reduce(0, +)
    oldestWait = detail?.dependency.pools.compactMap(\.value.oldestWait).max()
    ownerAddresses = detail?.dependency.resolution?.owner?.value.addresses
    sweptBy = detail?.dependency.sockets?.source
  }

  /// True when the kernel has none of the plan's connections any more.
  var provesNoneLeft: Bool { isKnown && targetsLeft == 0 }
  /// True when every connection of the pool goes where the plan said that new ones go.
  var isInPlace: Bool { onOther == 0 }

  /// Each reading before and after.
  func compared(to after: ActionReadings) -> [Comparison] {
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
  fileprivate var isSweepFresh: Bool {
    guard let sockets else { return false }
    return !silentSources.contains { $0.source == sockets.source }
  }
}

extension [IPAddress] {
  fileprivate var inWords: String { isEmpty ? "none" : map(\.description).joined(separator: ", ") }
}

extension Duration {
  /// `12 ms`, `4.2 s`.
  var inWords: String {
    seconds < 1 ? "\(Int((seconds * 1000).rounded())) ms" : "\((seconds * 10).rounded() / 10) s"
  }
}
