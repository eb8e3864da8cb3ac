internal import DeptopModel
internal import DeptopScreen

extension OverviewColumn {
  /// What DNS says, and whether the connections agree with it.
  static let dns = OverviewColumn(
    .dns, title: "DNS", width: 9...14, weight: 2, priority: 90
  ) { context, width in
    let variants = verdict(context)
    return variants.first { columnWidth(of: $0.text) <= width } ?? variants.last ?? context.missing
  }

  /// For few columns: what DNS says, and where that is nothing to worry about, that requests are sent again.
  static let compactDNS = OverviewColumn(
    .dns, key: "dnsOrRetry", title: "DNS", width: 10...14, weight: 2, priority: 90
  ) { context, width in
    let verdict = dns.cell(context, width)
    guard verdict.role == .ok || verdict.role == .muted, let calls = context.dependency.calls?.value,
      let retries = calls.retryText(context.glyphs), calls.isRetryStorm
    else { return verdict }
    return CellText("\(retries) retry", max(context.dependency.level, .warning).role)
  }

  /// The verdict on the worst view in full, then in fewer words.
  private static func verdict(_ context: CellContext) -> [CellText] {
    let resolutions = context.dependency.resolutions
    guard !resolutions.isEmpty else { return [CellText("no name", .muted)] }
    if let drift = context.dependency.drift, drift.left > 0 {
      return [CellText("\(drift.left)/\(drift.total) old", max(context.dependency.level, .warning).role)]
    }
    let verdicts = resolutions.map { verdict(of: $0, context) }
    return verdicts.dropFirst().reduce(verdicts[0]) { severity($1[0].role) > severity($0[0].role) ? $1 : $0 }
  }

  private static func severity(_ role: Role) -> Int {
    [Role.muted, .ok, .unknown, .stale, .warning, .critical].firstIndex(of: role) ?? 0
  }

  private static func verdict(of resolution: Resolution, _ context: CellContext) -> [CellText] {
    guard !resolution.resolvers.isEmpty else {
      return [CellText("not asked yet", .muted), CellText("not yet", .muted)]
    }
    if let stale = resolution.resolvers.lazy.compactMap({ context.stale($0.source) }).first { return [stale] }
    if let failure = failure(resolution) { return failure }
    if !resolution.resolversAgree {
      let count = resolution.resolvers.filter { $0.value.addresses != nil }.count
      return [CellText("\(count) resolvers disagree", .warning), CellText("disagree", .warning)]
    }
    let unexplained = context.dependency.sockets?.value.addresses.contains { $0.standing == .neverAnswered } ?? false
    if unexplained {
      return [CellText("never answered", .unknown), CellText("unanswered", .unknown), CellText("unansw.", .unknown)]
    }
    return [CellText("ok", .ok)]
  }

  private static func failure(_ resolution: Resolution) -> [CellText]? {
    let failing = resolution.resolvers.filter { $0.value.failure != nil }
    guard !failing.isEmpty else { return nil }
    let denials = failing.filter { if case .noSuchName = $0.value.outcome { true } else { false } }
    guard failing.count == resolution.resolvers.count else {
      let text = "\(failing.count) of \(resolution.resolvers.count) resolvers fail"
      return [CellText(text, .warning), CellText("\(failing.count)/\(resolution.resolvers.count) fail", .warning)]
    }
    return denials.isEmpty
      ? [CellText("no answer", .warning)] : [CellText("no such name", .critical), CellText("no name!", .critical)]
  }
}
