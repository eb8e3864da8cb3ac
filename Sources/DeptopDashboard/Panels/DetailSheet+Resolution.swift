internal import DeptopModel
internal import DeptopScreen

extension DetailSheet {
  /// What DNS answers, when that changed, and where the connections are.
  func resolution(columns: Int) -> Panel {
    var lines: [StyledLine] = []
    if let resolution = dependency.resolution {
      lines += answers(resolution, columns)
      lines += resolution.changes.suffix(4).reversed().map(change)
      if let owner = resolution.owner { lines += ownerLines(owner, columns) }
    }
    let seenElsewhere = Set(dependency.views.map(\.namespace))
    lines += uses(columns) { !seenElsewhere.contains($0.namespace) }
    for view in dependency.views {
      lines.append(StyledLine("in \(sanitized(view.label))", .header))
      lines += answers(view.resolution, columns, names: true)
      lines += view.resolution.changes.suffix(2).reversed().map(change)
      lines += uses(columns) { $0.namespace == view.namespace }
    }
    return panel("DNS against connections", lines, none: "no name to resolve, no connections")
  }

  private func label(_ text: String) -> StyledLine { StyledLine(padded(text, to: 10), .muted) }

  /// What is answered now; with the resolver's name where that is not one of the collector's own.
  private func answers(_ resolution: Resolution, _ columns: Int, names: Bool = false) -> [StyledLine] {
    guard !resolution.resolvers.isEmpty else { return [label("now").appending("not asked yet", .muted)] }
    let silent = resolution.resolvers.lazy.compactMap { silence(of: $0.source) }.first
    var lines = [silent].compactMap { $0 }
    if resolution.resolversAgree, !resolution.addresses.isEmpty {
      let count = resolution.resolvers.filter { $0.value.addresses != nil }.count
      let agreement = count > 1 ? ", \(count) resolvers agree" : ""
      let ttl = resolution.ttl.map { "ttl \($0.text(glyphs))" } ?? "ttl \(glyphs.missing)"
      var line = label("now").appending(list(resolution.addresses), .accent)
      if names, let resolver = resolution.resolvers.first { line.append(" by \(sanitized(resolver.value.resolver))") }
      line.append("  (\(ttl)\(agreement))", .muted)
      lines.append(line)
    }
    for resolver in resolution.resolvers where !resolution.resolversAgree || resolver.value.failure != nil {
      var line = label("now").appending("\(sanitized(resolver.value.resolver)) ", .muted)
      if let addresses = resolver.value.addresses { line.append(list(addresses), .warning) }
      if let failure = resolver.value.failure { line.append(sanitized(failure), .warning) }
      lines.append(line)
    }
    if resolution.isRotating { lines.append(label("").appending("the answers rotate", .muted)) }
    return lines
  }

  private func list(_ addresses: [IPAddress]) -> String {
    let shown = addresses.prefix(4).map(\.description).joined(separator: " ")
    return addresses.count > 4 ? shown + " and \(addresses.count - 4) more" : addresses.isEmpty ? "nothing" : shown
  }

  private func change(_ change: AnswerChange) -> StyledLine {
    let time = scene.state.clock.moment(change.at, now: scene.now)
    return StyledLine(padded(time, to: max(10, time.count + 1)), .muted)
      .appending("\(list(change.from)) \(glyphs.arrow) \(list(change.to))")
  }

  private func ownerLines(_ owner: Reading<OwnerResolution>, _ columns: Int) -> [StyledLine] {
    let addresses = owner.value.addresses.map { $0.isEmpty ? "a failure" : list($0) } ?? "no entry"
    let left = owner.value.remaining.map { ", asks again in \($0.text(glyphs))" } ?? ""
    return [label("owner").appending("\(owner.source.shown) believes \(addresses)\(left)")]
  }

  /// Where connections to an address really go.
  private func translation(of use: AddressUse) -> String {
    guard let first = use.translated.first else { return "" }
    let more = use.translated.count > 1 ? " and \(use.translated.count - 1) more" : ""
    return " \(glyphs.arrow) \(first)\(more)"
  }

  private func uses(_ columns: Int, where isShown: (AddressUse) -> Bool) -> [StyledLine] {
    let uses = (dependency.sockets?.value.addresses ?? []).filter(isShown).sorted {
      ($0.standing.isStale ? 0 : 1, -$0.connections, $0.address) < (
        $1.standing.isStale ? 0 : 1, -$1.connections, $1.address
      )
    }
    guard !uses.isEmpty else { return [] }
    let widest = uses.map { $0.address.description.count }.max() ?? 0
    let most = uses.map(\.connections).max() ?? 0
    let behind = uses.map { max(19, columnWidth(of: $0.standing.word + translation(of: $0))) }.max() ?? 0
    let barWidth = max(4, min(16, columns - 10 - widest - 7 - behind))
    return uses.prefix(12).enumerated().map { index, use in
      let ratio = most > 0 ? Double(use.connections) / Double(most) : 0
      let filled = Bar(ratio: ratio, width: barWidth).filled ?? 0
      let bar = String(repeating: glyphs.barFull, count: filled) + String(repeating: " ", count: barWidth - filled)
      var line = label(index == 0 ? "in use" : "").appending(padded(use.address.description, to: widest) + " ", .accent)
      line.append(bar + " ", use.standing.role)
      line.append(padded(countText(UInt64(use.connections)), to: 4, alignment: .right) + "  ")
      let left = use.leftAt.map { " " + (scene.now - $0).elapsed + " ago" } ?? ""
      line.append(use.standing.word + left, use.standing.role)
      line.append(translation(of: use), .muted)
      return line
    } + (uses.count > 12 ? [label("").appending("and \(uses.count - 12) more addresses", .muted)] : [])
  }
}
