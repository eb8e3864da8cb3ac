package import DeptopModel

/// One line of `/v1/stream`: a full snapshot first, then what changed since the line before.
package enum StreamLine: Sendable, Hashable {
  case full(Snapshot)
  case delta(SnapshotDelta)
}

extension StreamLine: Codable {
  private enum CodingKeys: String, CodingKey {
    case type, apiVersion, snapshot, delta
  }

  private enum Kind: String, Codable {
    case full, delta
  }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    switch try container.decode(Kind.self, forKey: .type) {
    case .full: self = .full(try container.decode(Snapshot.self, forKey: .snapshot))
    case .delta: self = .delta(try container.decode(SnapshotDelta.self, forKey: .delta))
    }
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    switch self {
    case .full(let snapshot):
      try container.encode(Kind.full, forKey: .type)
      try container.encode(API.version, forKey: .apiVersion)
      try container.encode(snapshot, forKey: .snapshot)
    case .delta(let delta):
      try container.encode(Kind.delta, forKey: .type)
      try container.encode(delta, forKey: .delta)
    }
  }
}

/// The difference between two snapshots of one collector.
///
/// A reader that was slow gets one delta over several ticks: `base` names the snapshot it was sent last.
package struct SnapshotDelta: Sendable, Hashable, Codable {
  package var base: UInt64
  package var sequence: UInt64
  package var takenAt: WallTime
  package var collector: CollectorStatus
  /// nil when it did not change.
  package var host: Host?
  /// New and changed dependencies, whole.
  package var upserted: [Dependency]
  package var removed: [DependencyID]
  /// The whole list when any of them changed, else nil; so for the next three.
  package var findings: [Finding]?
  package var sources: [SourceStatus]?
  package var namespaces: [NamespaceStatus]?
  package var actions: [ActionStatus]?

  /// Compares two snapshots.
  ///
  /// - Complexity: O(n) in the number of dependencies.
  package init(from old: Snapshot, to new: Snapshot) {
    base = old.sequence
    sequence = new.sequence
    takenAt = new.takenAt
    collector = new.collector
    host = old.host == new.host ? nil : new.host
    findings = old.findings == new.findings ? nil : new.findings
    sources = old.sources == new.sources ? nil : new.sources
    namespaces = old.namespaces == new.namespaces ? nil : new.namespaces
    actions = old.actions == new.actions ? nil : new.actions
    upserted = []
    removed = []
    var index = 0
    for dependency in new.dependencies {
      while index < old.dependencies.count, old.dependencies[index].id < dependency.id {
        removed.append(old.dependencies[index].id)
        index += 1
      }
      if index < old.dependencies.count, old.dependencies[index].id == dependency.id {
        if old.dependencies[index] != dependency { upserted.append(dependency) }
        index += 1
      } else {
        upserted.append(dependency)
      }
    }
    removed += old.dependencies[index...].map(\.id)
  }
}

extension Snapshot {
  /// The snapshot that a delta leads to; nil when the delta does not start from this one.
  ///
  /// - Complexity: O(n) in the number of dependencies, and their sorting when some are new.
  package func applying(_ delta: SnapshotDelta) -> Snapshot? {
    guard delta.base == sequence else { return nil }
    var next = self
    next.sequence = delta.sequence
    next.takenAt = delta.takenAt
    next.collector = delta.collector
    next.host = delta.host ?? host
    next.findings = delta.findings ?? findings
    next.sources = delta.sources ?? sources
    next.namespaces = delta.namespaces ?? namespaces
    next.actions = delta.actions ?? actions
    guard !delta.upserted.isEmpty || !delta.removed.isEmpty else { return next }
    if !delta.removed.isEmpty {
      let removed = Set(delta.removed)
      next.dependencies.removeAll { removed.contains($0.id) }
    }
    var added: [Dependency] = []
    for dependency in delta.upserted {
      if let place = next.place(of: dependency.id) {
        next.dependencies[place] = dependency
      } else {
        added.append(dependency)
      }
    }
    guard !added.isEmpty else { return next }
    next.dependencies += added
    next.dependencies.sort { $0.id < $1.id }
    return next
  }
}
