internal import DeptopModel

/// Another network namespace, and how its last sweep went.
struct Neighbour: Sendable {
  /// How long the connections stay when sweeps fail: one that failed says nothing of them.
  private static let lifeOfLast = Duration.seconds(10)

  private var sweep: NamespaceSweep
  /// As the last sweep found them that did not fail.
  private(set) var connections: [ObservedConnection] = []
  /// TCP connections, both ways; nil when it is not swept.
  private(set) var tableSize: Int?
  /// Why the last sweep failed; nil when it did not.
  private(set) var problem: String?
  /// When the last sweep that did not fail was made; nil before the first.
  private var sweptAt: ContinuousClock.Instant?

  init(_ id: NamespaceID, through access: any HostAccess, pace: SweepPace) {
    sweep = NamespaceSweep(of: id, through: access, pace: pace)
  }

  var id: NamespaceID { sweep.id }

  /// Those that were read longest ago, or never, come first.
  static func isDueBefore(_ left: Neighbour, _ right: Neighbour) -> Bool {
    guard let leftAt = left.sweptAt, let rightAt = right.sweptAt, leftAt != rightAt else {
      return (left.sweptAt == nil ? 0 : 1, left.id) < (right.sweptAt == nil ? 0 : 1, right.id)
    }
    return leftAt < rightAt
  }

  mutating func read(until end: ContinuousClock.Instant) throws(SocketDiagnosticsError) -> NamespaceSweep.Outcome {
    let now = ContinuousClock.now
    do throws(SocketDiagnosticsError) {
      guard now < end else { throw .noTimeLeft }
      let outcome = try sweep.read(timeout: now.duration(to: end))
      connections = outcome.connections
      tableSize = outcome.tableSize
      problem = nil
      sweptAt = now
      return outcome
    } catch {
      problem = error.description
      age(at: now)
      throw error
    }
  }

  /// Goes without a sweep this time, as the helper does not answer.
  mutating func skip(at now: ContinuousClock.Instant) {
    problem = problem ?? "deptop-helper does not answer"
    age(at: now)
  }

  private mutating func age(at now: ContinuousClock.Instant) {
    guard sweptAt.map({ $0.duration(to: now) > Self.lifeOfLast }) ?? true else { return }
    connections = []
    tableSize = nil
  }
}
