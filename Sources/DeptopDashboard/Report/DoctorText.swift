package import DeptopModel
package import DeptopScreen

/// Checks of what deptop needs, as plain text: what `deptop doctor` prints.
package struct DoctorText: Sendable {
  package var glyphs: Glyphs
  /// Columns that sentences are wrapped to.
  package var columns: Int

  package init(glyphs: Glyphs = .unicode, columns: Int = 100) {
    self.glyphs = glyphs
    self.columns = columns
  }

  /// One line for each check, with its remedy below it, under a heading; each line ended by a line feed.
  package func text(_ groups: [(heading: String, checks: [HostCheck])]) -> String {
    let all = groups.flatMap(\.checks)
    let width = min(all.map { columnWidth(of: sanitized($0.name)) }.max() ?? 0, 30)
    let parts = groups.filter { !$0.checks.isEmpty }.map { group in
      [group.heading] + group.checks.flatMap { lines(of: $0, width) }
    }
    return (parts.joined(separator: [""]) + ["", summary(all)]).joined(separator: "\n") + "\n"
  }

  private func lines(of check: HostCheck, _ width: Int) -> [String] {
    let start = "  \(check.state.mark(glyphs)) \(padded(sanitized(check.name), to: width))  "
    let margin = String(repeating: " ", count: width + 6)
    let room = max(20, columns - width - 6)
    let texts = wrapped(sanitized(check.text), to: room)
    let remedy = check.remedy.map { wrapped("\(glyphs.arrow) " + sanitized($0), to: room, indent: 2) } ?? []
    return [start + texts[0]] + (texts.dropFirst() + remedy).map { margin + $0 }
  }

  private func summary(_ checks: [HostCheck]) -> String {
    let limited = checks.count { $0.state == .limited }
    let missing = checks.count { $0.state == .missing }
    guard limited + missing > 0 else { return "\(counted(checks.count, "check")), nothing is missing" }
    let parts = [missing > 0 ? "\(missing) missing" : nil, limited > 0 ? "\(limited) limited" : nil]
    return "\(counted(checks.count, "check")): " + parts.compactMap { $0 }.joined(separator: ", ")
  }
}

extension HostCheck.State {
  fileprivate func mark(_ glyphs: Glyphs) -> String {
    switch self {
    case .ok: String(glyphs.marks.ok)
    case .limited: String(glyphs.marks.warning)
    case .missing: String(glyphs.marks.critical)
    }
  }
}
