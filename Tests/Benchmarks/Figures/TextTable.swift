/// Columns for people: the first to the left, all others to the right.
package struct TextTable: Sendable {
  private var rows: [[String]]

  package init(header: [String]) {
    rows = [header]
  }

  package mutating func add(_ row: [String]) {
    rows.append(row)
  }

  /// The lines, header first.
  package var lines: [String] {
    let columns = rows.map(\.count).max() ?? 0
    let widths = (0..<columns).map { column in
      rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
    }
    return rows.map { row in
      row.enumerated().map { index, text in
        let padding = String(repeating: " ", count: widths[index] - text.count)
        return index == 0 ? text + padding : padding + text
      }.joined(separator: "  ")
    }
  }
}

extension Double {
  /// With so many digits after the point; the table's rounding.
  package func text(digits: Int) -> String {
    let scale = (0..<digits).reduce(1.0) { scale, _ in scale * 10 }
    let scaled = (magnitude * scale).rounded()
    guard scaled < 9e15 else { return "\(self)" }
    let number = Int(scaled)
    let whole = number / Int(scale)
    let sign = self < 0 && number > 0 ? "-" : ""
    guard digits > 0 else { return "\(sign)\(whole)" }
    let fraction = String(number % Int(scale))
    return "\(sign)\(whole)." + String(repeating: "0", count: digits - fraction.count) + fraction
  }
}

extension Double? {
  /// With so many digits after the point; a dash for what was not measured.
  package func text(digits: Int) -> String { map { $0.text(digits: digits) } ?? "–" }
}
