internal import DeptopModel
internal import DeptopScreen

extension OverviewColumn {
  /// The worst breaker in front of the dependency.
  static let breaker = OverviewColumn(.breaker, title: "BREAKER", width: 9...11, priority: 76) { context, width in
    guard let standing = context.dependency.breakerStanding(at: context.now) else { return context.missing }
    if let stale = context.stale(standing.source) { return stale }
    let variants = standing.variants(at: context.now, context.glyphs)
    let text = variants.first { columnWidth(of: $0) <= width } ?? variants.last ?? standing.worst.state.word
    return CellText(text, standing.isConcerning ? standing.role : .text)
  }

  /// Retries / requests; the factor where every request is sent twice or more.
  static let retry = OverviewColumn(
    .amplification, title: "RETRY", width: 7...7, alignment: .right, priority: 64
  ) { context, _ in
    context.called { calls in
      guard let text = calls.retryText(context.glyphs) else { return nil }
      guard calls.isRetryStorm else { return CellText(text + "  ") }
      return CellText("\(text) \(context.glyphs.marks.warning)", max(context.dependency.level, .warning).role)
    }
  }

  /// Failed requests / requests that ended, with the cause where it is worth a word.
  static let errors = OverviewColumn(
    .errors, title: "ERR", width: 13...13, alignment: .right, priority: 79
  ) { context, _ in
    guard let calls = context.dependency.calls else { return context.missing }
    if let stale = context.stale(calls.source) { return stale }
    if calls.value.isWithoutTraffic { return CellText("no traffic", .muted) }
    guard let ratio = calls.value.errorRatio else { return context.missing }
    let role = ratio < CallReading.notableErrors ? Role.text : max(context.dependency.level, .warning).role
    guard let notable = calls.value.notableFailure else { return CellText(percentText(ratio), role) }
    return CellText(
      "\(notable.cause.rawValue) \(percentText(notable.ratio))", max(context.dependency.level, .warning).role)
  }

  static let p50 = percentile(.p50, title: "P50", priority: 46) { $0.p50 }
  static let p95 = percentile(.p95, title: "P95", priority: 33) { $0.p95 }
  static let p99 = percentile(.p99, title: "P99", priority: 78) { $0.p99 }
  /// The 99th percentile for few columns.
  static let compactP99 = percentile(.p99, title: "P99", width: 5...6, priority: 78) { $0.p99 }

  private static func percentile(
    _ id: ColumnID, title: String, width: ClosedRange<Int> = 6...7, priority: Int,
    _ quantile: @escaping @Sendable (LatencySummary) -> QuantileReading
  ) -> OverviewColumn {
    OverviewColumn(id, title: title, width: width, alignment: .right, priority: priority) { context, _ in
      context.called { calls in
        calls.responseTime.map { summary in
          CellText(quantile(summary).text(isBucketed: summary.isBucketed, context.glyphs))
        }
      }
    }
  }
}

extension CellContext {
  /// A cell out of what clients report of their calls: missing, stale, or a gap in a window without requests.
  func called(_ text: (CallReading) -> CellText?) -> CellText {
    guard let calls = dependency.calls else { return missing }
    if dependency.silence(of: calls.source) != nil { return CellText("stale", .stale) }
    return text(calls.value) ?? (calls.value.isWithoutTraffic ? CellText(String(glyphs.gap), .muted) : missing)
  }
}

extension CallReading {
  /// Retries / requests in percent, or the factor of attempts where there are two or more; nil when it is not known.
  func retryText(_ glyphs: Glyphs) -> String? {
    guard let retryRatio, let amplification else { return nil }
    return amplification >= Self.amplified ? glyphs.times + decimal(amplification) : percentText(retryRatio)
  }
}
