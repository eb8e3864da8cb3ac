internal import DeptopModel
internal import DeptopScreen

extension DetailSheet {
  /// Percentiles of the latest window with what is certain about them, the requests without an answer, and the last ten
  /// minutes as a heat map; nil when no client reports calls.
  func response(columns: Int) -> Panel? {
    guard let reading = dependency.calls else { return nil }
    let calls = reading.value
    var lines = [silence(of: reading.source), waiting(calls)].compactMap { $0 }
    if let summary = calls.responseTime { lines += bounds(summary, calls.window, columns) }
    if let wait = calls.waitTime { lines.append(percentiles("wait for pool", wait)) }
    for phase in [Phase.dns, .connect, .tls, .firstByte] {
      if let summary = calls.phases?[phase] { lines.append(percentiles(phase.rawValue, summary)) }
    }
    if let heat = HeatMap(detail?.heat ?? [], now: scene.now) { lines += heat.lines(columns: columns, glyphs) }
    let title = calls.responseTime.map { ": " + text($0) } ?? ""
    return panel("response time\(title)", lines, none: "not reported by any client")
  }

  /// Requests that have no answer yet: beside the percentiles, which know nothing of them.
  private func waiting(_ calls: CallReading) -> StyledLine? {
    guard let waiting = calls.waiting, waiting > 0 else { return nil }
    let oldest = calls.oldestWaiting.map { ", oldest \($0.text(glyphs))" } ?? ""
    return StyledLine("\(waiting) waiting\(oldest)", .warning)
      .appending("  no answer yet, in no percentile", .muted)
  }

  private func text(_ summary: LatencySummary) -> String {
    [("p50", summary.p50), ("p95", summary.p95), ("p99", summary.p99)].map { name, quantile in
      "\(name) \(quantile.text(isBucketed: summary.isBucketed, glyphs))"
    }.joined(separator: " ")
  }

  private func percentiles(_ name: String, _ summary: LatencySummary) -> StyledLine {
    StyledLine(padded(name, to: 14), .muted).appending(text(summary))
  }

  /// The relative error of a percentile, 0…1, where it arrived coarser than deptop's own histograms; nil where not.
  private func coarseness(of quantile: QuantileReading) -> Double? {
    guard let high = quantile.high, quantile.value > .zero else { return nil }
    let error = high / quantile.value - 1
    // A percent of slack: the bounds travel in whole microseconds.
    return error > Histogram.finestRelativeError * 1.5 && quantile.value >= .microseconds(100) ? error : nil
  }

  private var isASCII: Bool { glyphs.ellipsis.isASCII }

  private func bounds(_ summary: LatencySummary, _ window: Duration, _ columns: Int) -> [StyledLine] {
    var answers = "\(countText(summary.count)) answers in \(window.elapsed)"
    if !summary.isBucketed, let error = coarseness(of: summary.p99) {
      answers += ", percentiles within \(isASCII ? "+-" : "±")\(percentText(error))"
    }
    var lines = [StyledLine(answers + (summary.isBucketed ? ", counted in wide buckets:" : ""), .muted)]
    if summary.isBucketed {
      let bounds = [("p50", summary.p50), ("p95", summary.p95), ("p99", summary.p99)].map { name, quantile in
        let high = quantile.high.map { " to \($0.text(glyphs))" } ?? " or more"
        return "\(name) \(quantile.low.text(glyphs))\(high)"
      }
      lines += wrapped(bounds.joined(separator: ", "), to: columns).map { StyledLine($0, .muted) }
    }
    if summary.clientsLeftOut > 0 {
      let clients = counted(summary.clientsLeftOut, "client")
      lines.append(StyledLine("without \(clients) whose histogram has another form", .warning))
    }
    return lines
  }
}
