internal import DeptopModel
internal import DeptopScreen

extension DetailSheet {
  /// How long the probe needs to open a connection: percentiles, their spread, and each address.
  func connect(columns: Int) -> Panel {
    guard let connect = dependency.connect else {
      return panel("connect", [], none: "not probed")
    }
    var lines = [silence(of: connect.source)].compactMap { $0 }
    lines += histogram(connect.histogram, columns)
    lines += connect.addresses.map(line)
    return panel(title(connect.histogram), lines, none: "no probe yet")
  }

  private func title(_ histogram: Histogram) -> String {
    guard histogram.count > 0 else { return "connect, by probe: no success yet" }
    let parts = [("p50", 0.5), ("p95", 0.95), ("p99", 0.99)].compactMap { name, quantile in
      histogram.quantile(quantile).map { "\(name) \($0.text(glyphs))" }
    }
    return "connect, by probe: \(parts.joined(separator: " "))"
  }

  private func line(_ address: AddressConnect) -> StyledLine {
    var line = StyledLine(address.address.description + "  ", .accent)
    if let last = address.last { line.append("last \(last.text(glyphs))") }
    if let failure = address.lastFailure, address.isFailing { line.append("fails: \(sanitized(failure))", .critical) }
    line.append("  \((scene.now - address.lastAt).age) ago", .muted)
    if address.failures > 0 {
      line.append("  \(countText(address.failures)) of \(countText(address.attempts)) failed", .warning)
    }
    return line
  }

  /// Bars by powers of two, over the range that has values.
  private func histogram(_ histogram: Histogram, _ columns: Int) -> [StyledLine] {
    var counts: [Int: UInt64] = [:]
    for bucket in histogram.buckets { counts[histogram.power(of: bucket), default: 0] += bucket.count }
    guard let low = counts.keys.min(), let high = counts.keys.max(), let most = counts.values.max() else { return [] }
    let step = (high - low) / 8 + 1
    let width = max(4, columns - 18)
    return stride(from: low, through: high, by: step).map { first in
      let count = (first..<first + step).reduce(UInt64(0)) { $0 + counts[$1, default: 0] }
      let bound = Duration.seconds(Double(sign: .plus, exponent: first + step, significand: 1))
      let filled = Bar(ratio: Double(count) / Double(max(most, count)), width: width).filled ?? 0
      var line = StyledLine("to " + padded(bound.text(glyphs), to: 5, alignment: .right) + " ", .muted)
      line.append(String(repeating: glyphs.barFull, count: filled), .sparkline)
      line.append(String(repeating: " ", count: width - filled) + " ")
      line.append(padded(countText(count), to: 4, alignment: .right), .muted)
      return line
    }
  }
}

extension Histogram {
  /// The power of two seconds that a bucket's values lie above.
  fileprivate func power(of bucket: Bucket) -> Int {
    scale >= 0 ? Int(bucket.index) >> Int(scale) : Int(bucket.index) << -Int(scale)
  }
}
