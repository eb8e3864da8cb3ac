internal import DeptopModel

/// A snapshot's rows filtered and sorted, made once for each snapshot, sort and filter instead of for each frame.
struct PreparedSnapshot: Sendable {
  let key: Key
  let rows: [Row]
  let counts: LevelCounts
  /// Dependencies that the filter hides.
  let hidden: Int
  /// Findings that are not pending, worst first, as indices into the snapshot's.
  let findings: [Int]

  /// What the rows depend on.
  struct Key: Sendable, Equatable {
    var sequence: UInt64
    var collectorStartedAt: WallTime
    var sort: SortOrder
    var filter: Filter
    /// Rows that keep their places, because an action is about to hit one of them.
    var held: [DependencyID]?
  }

  /// One row of the overview.
  struct Row: Sendable, Hashable {
    var id: DependencyID
    /// Its place in the snapshot; nil for one that has gone while rows keep their places.
    var index: Int?
  }

  init(_ snapshot: Snapshot, key: Key) {
    self.key = key
    counts = LevelCounts(snapshot.dependencies)
    findings = snapshot.findings.indices.filter { snapshot.findings[$0].state != .pending }
    let all = Array(snapshot.dependencies.indices)
    let shown = key.filter.isEmpty ? all : all.filter { key.filter.matches(snapshot.dependencies[$0]) }
    hidden = snapshot.dependencies.count - shown.count
    let sorted = RowOrder(snapshot, key.sort).sorted(shown)
    let rows = sorted.map { Row(id: snapshot.dependencies[$0].id, index: $0) }
    self.rows = key.held.map { Self.hold($0, rows, in: snapshot) } ?? rows
  }

  /// The row of a dependency; nil when it is not shown.
  func row(of id: DependencyID?) -> Int? { id.flatMap { id in rows.firstIndex { $0.id == id } } }

  private static func hold(_ order: [DependencyID], _ rows: [Row], in snapshot: Snapshot) -> [Row] {
    let places = Dictionary(
      snapshot.dependencies.enumerated().map { ($0.element.id, $0.offset) }, uniquingKeysWith: { first, _ in first })
    let held = Set(order)
    return order.map { Row(id: $0, index: places[$0]) } + rows.filter { !held.contains($0.id) }
  }
}

/// How many dependencies there are of each level.
struct LevelCounts: Sendable, Hashable {
  private var counts: [Level: Int] = [:]
  private(set) var total = 0

  init(_ dependencies: [Dependency]) {
    // By index: to take a dependency out of the array would copy all of it.
    for index in dependencies.indices { counts[dependencies[index].level, default: 0] += 1 }
    total = dependencies.count
  }

  subscript(level: Level) -> Int { counts[level, default: 0] }
}
