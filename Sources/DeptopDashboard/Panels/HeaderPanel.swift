internal import DeptopModel
internal import DeptopScreen

/// Who, where, how bad, and whether what is seen is the present.
struct HeaderPanel {
  let scene: Scene

  func draw(in rect: Rect, on canvas: inout Canvas, _ inks: Inks) {
    let lines = rect.rows > 1 ? [first, banner ?? second] : [small]
    for (index, line) in lines.enumerated() {
      let isBanner = (index == 1 || rect.rows == 1) && banner != nil
      let base = isBanner ? bannerRole : nil
      if let base { canvas.fill(rect.row(index), with: Cell(" ", style: inks[base])) }
      canvas.put(line, in: rect.row(index), inks, scene.glyphs, on: base)
    }
  }

  private var state: DashboardState { scene.state }
  private var host: Host { scene.snapshot.host }

  private var first: StyledLine {
    var line = StyledLine(" deptop  ", .title).appending(sanitized(host.name), .title)
    if let environment { line = line.appending("  ").appending(" \(environment) ", environmentRole) }
    if state.screen != .overview {
      line.append("  " + String(scene.glyphs.arrow) + " ", .muted)
      line.append(sanitized(state.screen.title), .accent)
    }
    let room = scene.size.columns - line.width - width(of: status)
    let counts = [countSpans, signSpans].first { width(of: $0) + 4 <= room } ?? []
    line.append(String(repeating: " ", count: max(1, min((room - width(of: counts)) / 2, 14))))
    for span in counts { line.append(span.text, span.role) }
    line.trailing = status
    return line
  }

  private var second: StyledLine {
    let collector = scene.snapshot.collector
    var line = StyledLine(" ")
    if !state.filter.isEmpty {
      let shown = scene.rows.rows.count
      line.append("filter: \(sanitized(state.filter.text))", .accent)
      line.append(" (\(shown) of \(shown + scene.rows.hidden))  ", .muted)
    }
    if let notice = state.versionNotice ?? collector.notice {
      line.append(sanitized(notice) + "  ", .warning)
    }
    line.append("collector \(percentText(collector.cpuRatio)) cpu ", .muted)
    line.append("\(bytesText(collector.residentBytes)) lag \(collector.lag.text(scene.glyphs))", .muted)
    if case .live(let trip?) = state.link { line.append("   link \(trip.text(scene.glyphs))", .muted) }
    if state.sort != .worst { line.append("   by \(state.sort.column.label)", .muted) }
    line.trailing = [rights(short: false), .init(" ")]
    return line
  }

  private var small: StyledLine {
    var line = StyledLine(" " + sanitized(host.name), .title)
    if let environment { line = line.appending(" ").appending(environment, environmentRole) }
    if let banner { return line.appending(" ").appending(banner.text, bannerRole) }
    line.append(" ")
    let time = state.clock.shortTime(scene.clockNow) + " "
    let tail = [StyledLine.Span(time, .muted), liveSpan, .init(" "), rights(short: true)]
    for span in signSpans where line.width + span.text.count + width(of: tail) + 2 <= scene.size.columns {
      line.append(span.text, span.role)
    }
    if !state.filter.isEmpty { line.append(" filtered", .accent) }
    line.trailing = tail
    return line
  }

  private func width(of spans: [StyledLine.Span]) -> Int { spans.reduce(0) { $0 + columnWidth(of: $1.text) } }

  /// How many there are of each level, in figures and signs.
  private var signSpans: [StyledLine.Span] {
    [Level.critical, .warning, .stale, .unknown, .ok].filter { scene.rows.counts[$0] > 0 }.map { level in
      .init(" \(scene.rows.counts[level])\(level.mark(scene.glyphs))", level.role)
    }
  }

  private var environment: String? { host.environment.map(sanitized) }
  private var environmentRole: Role { host.isProduction ? .environmentRed : .environment }

  private var countSpans: [StyledLine.Span] {
    let counts = scene.rows.counts
    var spans: [StyledLine.Span] = [.init(counted(counts.total, "dependency", "dependencies") + ": ", .text)]
    let levels = [Level.critical, .warning, .stale, .unknown, .ok].filter { counts[$0] > 0 }
    if levels.isEmpty { return [.init("no dependencies", .text)] }
    for (index, level) in levels.enumerated() {
      spans.append(.init("\(counts[level]) \(level.word)", level.role))
      if index < levels.count - 1 { spans.append(.init(", ", .text)) }
    }
    return spans
  }

  private var status: [StyledLine.Span] {
    [.init(state.clock.time(scene.clockNow) + " ", .text), liveSpan, .init(" ")]
  }

  private var liveSpan: StyledLine.Span {
    if state.frozen != nil { return .init("FROZEN", .frozen) }
    return switch state.link {
    case .live: .init("LIVE", .live)
    case .connecting: .init("CONNECTING", .stale)
    case .lost: .init("LOST", .error)
    }
  }

  private func rights(short: Bool) -> StyledLine.Span {
    guard let until = state.armedUntil, until > scene.clockNow else {
      return .init(short ? "RO" : "READ-ONLY (:arm)", .readOnly)
    }
    let left = Int((until - scene.clockNow).seconds.rounded(.up))
    let time = "\(left / 60):\(twoDigits(left % 60))"
    return .init(short ? "ARMED" : "ARMED \(time)", .armed)
  }

  private var bannerRole: Role {
    if case .lost = state.link { return .error }
    return .frozen
  }

  /// What must not be overlooked; takes the collector's line, so that no row moves.
  private var banner: StyledLine? {
    if case .lost(let since, let reason, let next) = state.link {
      var text = " collector lost \((scene.clockNow - since).age)"
      text += next.map { ", retrying \(due($0, scene.clockNow))" } ?? ", retrying"
      text += ": \(sanitized(reason)). What is shown is from \(state.clock.time(scene.snapshot.takenAt))."
      var line = StyledLine(text, .error)
      line.trailing = [rights(short: true), .init(" ")]
      return line
    }
    guard let frozen = state.frozen else { return nil }
    let age = (scene.clockNow - frozen.at).age
    return StyledLine(" FROZEN for \(age): the display stands still, collection goes on; z resumes", .frozen)
  }
}
