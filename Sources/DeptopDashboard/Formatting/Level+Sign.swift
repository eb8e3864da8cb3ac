internal import DeptopModel
internal import DeptopScreen

extension Level {
  /// The word that goes with the sign.
  package var word: String {
    switch self {
    case .ok: "healthy"
    case .unknown: "unknown"
    case .stale: "stale"
    case .warning: "warning"
    case .critical: "critical"
    }
  }

  var role: Role {
    switch self {
    case .ok: .ok
    case .unknown: .unknown
    case .stale: .stale
    case .warning: .warning
    case .critical: .critical
    }
  }

  func mark(_ glyphs: Glyphs) -> String {
    switch self {
    case .ok: String(glyphs.marks.ok)
    case .unknown: String(glyphs.marks.unknown)
    case .stale: String(glyphs.marks.stale)
    case .warning: String(glyphs.marks.warning)
    case .critical: String(glyphs.marks.critical)
    }
  }
}
