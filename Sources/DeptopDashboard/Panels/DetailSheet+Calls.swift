internal import DeptopModel
internal import DeptopScreen

extension DetailSheet {
  /// How requests ended, as rates and shares, what was sent for them, and what the failures were; nil when no client
  /// reports calls.
  func calls(columns: Int) -> Panel? {
    guard let reading = dependency.calls else { return nil }
    let calls = reading.value
    let silent = silence(of: reading.source)
    guard !calls.isWithoutTraffic else {
      return panel("calls", [silent].compactMap { $0 }, none: "no traffic in the last \(calls.window.elapsed)")
    }
    let lines = [silent].compactMap { $0 } + fates(calls, columns) + [attempts(calls)] + errors(calls, columns)
    return panel(title(calls), lines, none: "nothing is counted")
  }

  private func title(_ calls: CallReading) -> String {
    let rate = calls.rate(calls.counts.requests).map { "\(rateText($0)) req/s, " } ?? ""
    let errors = calls.errorRatio.map { "\(percentText($0)) failed, " } ?? ""
    return "calls by fate: \(rate)\(errors)last \(calls.window.elapsed)"
  }

  /// Bars by fate: failures first, the most frequent before the others, then what succeeded.
  private func fates(_ calls: CallReading, _ columns: Int) -> [StyledLine] {
    guard let fates = calls.counts.fates else { return [StyledLine("how requests end is not reported", .muted)] }
    let total = fates.values.reduce(0, &+)
    let known = Fate.allCases.filter { fates[$0] != nil }.sorted { left, right in
      if left.isSuccess != right.isSuccess { return !left.isSuccess }
      return left.isSuccess ? left.rawValue < right.rawValue : (fates[left] ?? 0) > (fates[right] ?? 0)
    }
    let bar = max(4, columns - 20 - 15)
    return known.map { fate in
      let count = fates[fate] ?? 0
      let share = total > 0 ? min(1, Double(count) / Double(total)) : 0
      let filled = Bar(ratio: share, width: bar).filled ?? 0
      var line = StyledLine(padded(fate.rawValue, to: 20), fate.isSuccess || count == 0 ? .text : .warning)
      line.append(String(repeating: glyphs.barFull, count: filled), fate.isSuccess ? .ok : .critical)
      line.append(String(repeating: " ", count: bar - filled))
      line.append(padded("\(rateText(calls.rate(count) ?? 0))/s", to: 8, alignment: .right))
      line.append(padded(percentText(share), to: 7, alignment: .right), .muted)
      return line
    }
  }

  private func attempts(_ calls: CallReading) -> StyledLine {
    var line = StyledLine(padded("attempts", to: 20))
    if let rate = calls.rate(calls.counts.attempts) {
      line.append("\(rateText(rate))/s")
      if let factor = calls.amplification {
        line.append(" (\(glyphs.times)\(decimal(factor)))", calls.isRetryStorm ? .warning : .muted)
      }
    } else {
      line.append(String(glyphs.missing), .muted)
    }
    let resets = calls.rate(calls.counts.resets).map { "\(rateText($0 * 60))/min" } ?? String(glyphs.missing)
    line.append("   resets ", .muted)
    line.append(resets, (calls.counts.resets ?? 0) > 0 ? .warning : .text)
    return line
  }

  /// Failures by their type, the most frequent first.
  private func errors(_ calls: CallReading, _ columns: Int) -> [StyledLine] {
    let errors = (calls.counts.errors ?? [:]).filter { $0.value > 0 }
      .sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    let width = max(8, min(40, columns - 20 - 9))
    return errors.prefix(5).enumerated().map { index, error in
      let name = truncated(sanitized(error.key), to: width, ellipsis: glyphs.ellipsis)
      return StyledLine(padded(index == 0 ? "errors" : "", to: 20), .muted)
        .appending(padded(name, to: width), .accent)
        .appending(padded("\(rateText(calls.rate(error.value) ?? 0))/s", to: 8, alignment: .right))
    }
  }
}
