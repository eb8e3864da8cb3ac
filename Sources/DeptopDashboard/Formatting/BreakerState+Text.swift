internal import DeptopModel
internal import DeptopScreen

extension BreakerState {
  /// The state as the screen says it; the one that hurts callers in capitals.
  var word: String { self == .open ? "OPEN" : rawValue }

  /// What puts a breaker into the state: `close`.
  var deed: String {
    switch self {
    case .closed: "close"
    case .open: "open"
    case .halfOpen: "half-open"
    case .forcedOpen: "force open"
    case .disabled: "disable"
    }
  }

  /// The state in one letter, for timelines and menus; no two alike.
  var letter: Character {
    switch self {
    case .closed: "C"
    case .open: "O"
    case .halfOpen: "H"
    case .forcedOpen: "F"
    case .disabled: "D"
    }
  }

  var role: Role {
    switch self {
    case .closed: .ok
    case .disabled: .muted
    case .halfOpen: .warning
    case .open, .forcedOpen: .critical
    }
  }
}

extension BreakerStanding {
  var role: Role { isFlapping && worst.state.severity < BreakerState.open.severity ? .warning : worst.state.role }

  /// The standing in words, then in fewer.
  func variants(at now: WallTime, _ glyphs: Glyphs) -> [String] {
    let word = worst.state.word
    let share = total > 1 ? " \(alike)/\(total)" : ""
    let age = worst.since.map { " \((now - $0).age)" } ?? ""
    if isFlapping, worst.state != .forcedOpen {
      let times = "\(changes)\(glyphs.times)"
      return ["flapping \(times)\(share.isEmpty ? "" : ", \(word)\(share)")", "flapping \(times)", "flaps \(times)"]
    }
    switch worst.state {
    case .closed, .disabled: return [word]
    case .open, .halfOpen: return [word + share + age, word + (share.isEmpty ? age : share), word]
    case .forcedOpen: return [word + share + age, word + share, word, "forced"]
    }
  }
}
