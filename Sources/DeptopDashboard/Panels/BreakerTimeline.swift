internal import DeptopModel
internal import DeptopScreen

/// The states of one breaker over the last ten minutes as one row of cells.
struct BreakerTimeline: Sendable, Hashable {
  /// The worst state of each slice of time, oldest first; nil where it is not known.
  let states: [BreakerState?]

  static let span = Duration.seconds(600)

  init(_ breaker: BreakerReading, now: WallTime, width: Int) {
    let start = now - Self.span
    let slice = Self.span / Double(max(1, width))
    let changes = breaker.transitions.sorted { $0.at < $1.at }
    // With as many as are kept, those before them may have been forgotten.
    let isComplete = !changes.isEmpty && changes.count < BreakerReading.transitionsKept
    let knownSince = isComplete ? start : changes.first?.at ?? breaker.since
    states = (0..<max(0, width)).map { cell in
      let from = start + slice * Double(cell)
      let to = from + slice
      // The last one is the present, whatever else happened in it.
      guard cell < width - 1 else { return breaker.state }
      guard let knownSince, knownSince < to else { return nil }
      let atStart = changes.last { $0.at <= from }?.to ?? changes.first?.from ?? breaker.state
      let within = changes.filter { $0.at > from && $0.at <= to }.map(\.to)
      return ([knownSince <= from || within.isEmpty ? atStart : nil] + within).compactMap { $0 }
        .max { $0.severity < $1.severity }
    }
  }

  /// A letter where a state begins, then its sign: `C▁▁▁O███H▒C▁▁`.
  func spans(_ glyphs: Glyphs) -> [StyledLine.Span] {
    var spans: [StyledLine.Span] = []
    for (index, state) in states.enumerated() {
      let begins = index == 0 || states[index - 1] != state
      let sign = state.map { begins ? $0.letter : $0.sign(glyphs) } ?? glyphs.gap
      let role = state?.role ?? .muted
      if begins { spans.append(.init(String(sign), role)) } else { spans[spans.count - 1].text.append(sign) }
    }
    return spans
  }
}

extension BreakerState {
  /// How a stretch in the state is drawn behind its letter: the fuller, the more it keeps callers out.
  fileprivate func sign(_ glyphs: Glyphs) -> Character {
    switch self {
    case .closed: glyphs.sparkline[0]
    case .disabled: glyphs.sparkline[1]
    case .halfOpen: glyphs.heat[2]
    case .open, .forcedOpen: glyphs.barFull
    }
  }
}
