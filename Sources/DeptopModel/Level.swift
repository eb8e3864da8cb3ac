/// How bad a dependency or a finding is; ordered from best to worst for sorting.
package enum Level: String, Sendable, Hashable, Codable, CaseIterable, Comparable {
  /// Not enough is read to judge.
  case unknown
  /// Read, judged, nothing found, and next to no request fails.
  case ok
  /// Was read once, but its source does not answer now.
  case stale
  /// Will hurt callers, or hurts a few.
  case warning
  /// Callers suffer now.
  case critical

  package static func < (left: Level, right: Level) -> Bool { left.rank < right.rank }

  private var rank: Int {
    switch self {
    case .unknown: 0
    case .ok: 1
    case .stale: 2
    case .warning: 3
    case .critical: 4
    }
  }
}
