internal import DeptopConfiguration
internal import DeptopKernel
internal import DeptopModel
internal import DeptopSources
internal import Synchronization

/// Connects to where connections have just died, from the namespaces that they died in: whether a new connection
/// succeeds is what tells a forgotten connection from a server that is gone, and must not wait for the next probe.
final class SuspicionProbe: Sendable {
  /// The pause before the second look at a dependency; it doubles while connections stay dead, up to the interval at
  /// which probes look anyway.
  static let pause = Duration.seconds(3)
  static let longestPause = Duration.seconds(30)
  /// How long a connect may take.
  static let timeout = Duration.seconds(1)
  /// Dependencies that are looked at in one tick.
  static let limit = 16
  static let source: SourceID = "probe"

  private let store: Store
  private let surroundings: HostSurroundings
  private let probe = ConnectProbe()
  private let looks = Mutex<[DependencyID: Look]>([:])

  private struct Look {
    var at: WallTime
    var pause: Duration

    /// Also when the clock was set back.
    func isOver(at now: WallTime) -> Bool { !(.zero..<pause).contains(now - at) }
  }

  init(store: Store, surroundings: HostSurroundings) {
    self.store = store
    self.surroundings = surroundings
  }

  /// Looks at what is suspect in a snapshot, and tells the store; what is configured not to be probed is left alone.
  func look(at snapshot: Snapshot) async {
    let due = due(in: snapshot)
    if due.isEmpty { return }
    let assembly = Assembly(of: store.knowledge, at: snapshot.takenAt)
    for id in due {
      guard let detail = assembly.detail(of: id) else { continue }
      for (namespace, addresses) in SuspicionProbe.targets(in: detail) {
        guard let sockets = surroundings.sockets(in: namespace) else { continue }
        let attempts = await probe.connectTimes(
          to: addresses, attempts: 1, timeout: SuspicionProbe.timeout, from: sockets)
        store.record(attempts.joined().map { .connect(id, $0) }, from: SuspicionProbe.source)
      }
    }
  }

  /// Dependencies whose dead connections may come from large packets.
  static func suspectedBlackHoles(in snapshot: Snapshot) -> Set<DependencyID> {
    Set(snapshot.dependencies.filter { $0.sockets?.value.conditions.mayBeBlackHole == true }.map(\.id))
  }

  private func due(in snapshot: Snapshot) -> [DependencyID] {
    let suspect = snapshot.dependencies.filter { $0.sockets?.value.conditions.isSuspect == true }.map(\.id)
    guard !suspect.isEmpty else {
      looks.withLock { $0 = [:] }
      return []
    }
    let spared = Set(store.knowledge.settings.dependencies.filter { !$0.isProbed }.map(\.id))
    return looks.withLock { looks in
      let (now, before, present) = (snapshot.takenAt, looks, Set(suspect))
      looks = looks.filter { present.contains($0.key) }
      let due = suspect.filter { !spared.contains($0) && before[$0]?.isOver(at: now) ?? true }
        .prefix(SuspicionProbe.limit)
      for id in due {
        let pause = before[id].map { min($0.pause * 2, SuspicionProbe.longestPause) } ?? SuspicionProbe.pause
        looks[id] = Look(at: now, pause: pause)
      }
      return Array(due)
    }
  }

  /// Where to connect to, from which namespaces.
  static func targets(in detail: DependencyDetail) -> [(namespace: NamespaceID, addresses: [SocketAddress])] {
    let suspect = detail.connections.filter {
      $0.signals.condition == .dead || $0.signals.condition == .connectUnanswered
    }
    return Dictionary(grouping: suspect, by: \.namespace)
      .map { ($0.key, Set($0.value.map(\.remote)).sorted()) }
      .sorted { $0.namespace < $1.namespace }
  }
}

extension SocketConditions {
  fileprivate var isSuspect: Bool { dead > 0 || connectUnanswered > 0 }

  fileprivate var mayBeBlackHole: Bool {
    guard dead > 0, let size = deadMeanRetransmit, let segment = deadSegmentSize, segment > 0 else { return false }
    return Double(size) >= 0.9 * Double(segment)
  }
}

extension HostSurroundings {
  /// Sockets of a namespace; nil when nobody may make them.
  func sockets(in namespace: NamespaceID) -> (any SocketOpening)? {
    if namespace == .own { return OwnSockets() }
    return access.map { NamespaceSockets(access: $0, namespace: namespace) }
  }
}
