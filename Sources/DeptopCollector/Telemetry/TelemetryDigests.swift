internal import DeptopModel

/// The digests of one snapshot after the other: only what was reported since is made anew.
struct TelemetryDigests: Sendable {
  private(set) var byDependency: [DependencyID: TelemetryDigest] = [:]

  /// Follows the telemetry and the silence of sources.
  ///
  /// - Complexity: O(n) in the number of reported dependencies, plus the work of those that changed.
  mutating func follow(_ telemetry: Telemetry, silent: Set<SourceID>) {
    for id in byDependency.keys where telemetry.dependencies[id] == nil { byDependency[id] = nil }
    for (id, told) in telemetry.dependencies {
      let earlier = byDependency[id]
      if let digest = earlier, digest.revision == told.revision,
        digest.silent.isSubset(of: silent), silent.isEmpty || digest.silent == told.sources.intersection(silent)
      {
        continue
      }
      byDependency[id] = told.digest(silent: silent, after: earlier)
    }
  }
}

extension DependencyTelemetry {
  fileprivate var sources: Set<SourceID> { Set(clients.map(\.source)) }
}
