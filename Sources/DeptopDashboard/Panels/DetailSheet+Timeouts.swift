internal import DeptopModel
internal import DeptopScreen

extension DetailSheet {
  /// Which time limits were reached, for each minute; nil when no client reports calls.
  func timeouts(columns: Int) -> Panel? {
    guard let calls = dependency.calls?.value else { return nil }
    guard let counts = calls.counts.timeouts else {
      return panel("timeouts", [], none: "not reported by any client")
    }
    let cells = TimeoutCategory.allCases.map { category in
      let rate = calls.rate(counts[category]).map { $0 * 60 }
      return (name: category.rawValue, text: rate.map(rateText) ?? String(glyphs.missing), isReached: rate ?? 0 > 0)
    }
    // Two side by side: each keeps its place, whatever the figures are.
    let half = columns >= 44 ? (cells.count + 1) / 2 : cells.count
    let lines = (0..<half).map { row in
      var line = StyledLine()
      for (number, cell) in [row, row + half].filter(cells.indices.contains).map({ cells[$0] }).enumerated() {
        line.append((number > 0 ? "     " : "") + padded(cell.name, to: 13), .muted)
        line.append(padded(cell.text, to: 5, alignment: .right), cell.isReached ? .warning : .text)
      }
      return line
    }
    return panel("timeouts per minute", lines, none: "")
  }
}
