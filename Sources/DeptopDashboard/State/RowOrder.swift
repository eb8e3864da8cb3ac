internal import DeptopModel

/// The order of the overview's rows; rows that are alike stand by name, so that none moves without a reason.
struct RowOrder {
  private let snapshot: Snapshot
  private let sort: SortOrder
  private let findingRanks: [DependencyID: Int]

  init(_ snapshot: Snapshot, _ sort: SortOrder) {
    self.snapshot = snapshot
    self.sort = sort
    var ranks: [DependencyID: Int] = [:]
    for (rank, finding) in snapshot.findings.enumerated() where ranks[finding.dependency] == nil {
      ranks[finding.dependency] = rank
    }
    findingRanks = ranks
  }

  /// The indices of dependencies in the order in which they are shown.
  func sorted(_ indices: [Int]) -> [Int] {
    indices.map(entry).sorted(by: precedes).map(\.index)
  }

  /// What a row is compared by, first to last.
  private struct Entry {
    var index: Int
    /// Larger for worse or more; nil when it is not known.
    var key: (Double, Double, Double)?
    /// Compared where the column is a text.
    var text: String
    var name: String
  }

  private func precedes(_ left: Entry, _ right: Entry) -> Bool {
    switch (left.key, right.key) {
    case (let leftKey?, let rightKey?):
      if leftKey != rightKey { return sort.isDescending ? leftKey > rightKey : leftKey < rightKey }
    // What is not known stands at the end, whichever way the rest is sorted.
    case (nil, _?): return false
    case (_?, nil): return true
    case (nil, nil): break
    }
    if left.text != right.text { return (left.text < right.text) != sort.isDescending }
    return left.name < right.name
  }

  /// Reads by index what it needs: to take a dependency out of the array would copy all of it.
  private func entry(at index: Int) -> Entry {
    let name = snapshot.dependencies[index].id.rawValue
    let text: String =
      switch sort.column {
      case .name: name
      case .kind: snapshot.dependencies[index].kind?.rawValue ?? ""
      default: ""
      }
    return Entry(index: index, key: key(at: index), text: text, name: name)
  }

  private func key(at index: Int) -> (Double, Double, Double)? {
    if sort.column == .worst { return worstKey(at: index) }
    return value(of: snapshot.dependencies[index]).map { ($0, 0, 0) }
  }

  private func value(of dependency: Dependency) -> Double? {
    switch sort.column {
    case .worst, .name, .trend: 0
    case .kind: dependency.kind.map { _ in 0 }
    case .pool: dependency.pool?.usage
    case .connections: dependency.connections.map(Double.init)
    case .wait: (dependency.calls?.value.waitTime?.p99.value ?? dependency.longestWait)?.seconds
    case .breaker: dependency.breakerStanding(at: snapshot.takenAt)?.badness
    case .requests: dependency.requestRate
    case .amplification: dependency.calls?.value.retryRatio
    case .errors: dependency.calls?.value.errorRatio
    case .p50: dependency.calls?.value.responseTime?.p50.value.seconds
    case .p95: dependency.calls?.value.responseTime?.p95.value.seconds
    case .p99: dependency.calls?.value.responseTime?.p99.value.seconds
    case .connect: dependency.connect?.histogram.quantile(0.99)?.seconds
    case .rtt: dependency.sockets?.value.rttMedian?.seconds
    case .retransmits: (dependency.sockets?.value.retransmits).map(Double.init)
    case .age: dependency.oldestSince.map { -$0.secondsSinceEpoch }
    case .dns: dependency.drift.map { Double($0.left) }
    }
  }

  /// Size counts by order of magnitude only, or equal rows would change places with every connection.
  private func worstKey(at index: Int) -> (Double, Double, Double) {
    let rank = findingRanks[snapshot.dependencies[index].id].map { -Double($0) } ?? -Double(Int32.max)
    let size = Int.bitWidth - (snapshot.dependencies[index].connections ?? 0).leadingZeroBitCount
    return (snapshot.dependencies[index].level.badness, rank, Double(size))
  }
}

extension Level {
  /// The place in the order of levels, 0 for the best.
  var badness: Double {
    switch self {
    case .ok: 0
    case .unknown: 1
    case .stale: 2
    case .warning: 3
    case .critical: 4
    }
  }
}
