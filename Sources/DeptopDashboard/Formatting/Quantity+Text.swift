/// A rate per second in at most four columns: `0`, `<0.1`, `0.3`, `112`, `4.1k`, `12M`.
package func rateText(_ rate: Double) -> String {
  guard rate.isFinite, rate > 0 else { return "0" }
  return rate < 0.05 ? "<0.1" : rate < 9.95 ? decimal(rate) : scaled(rate)
}

/// A count in at most four columns: `0`, `999`, `4.1k`, `12M`.
package func countText(_ count: UInt64) -> String {
  count < 1000 ? "\(count)" : scaled(Double(count))
}

/// A size in decimal units: `512B`, `31MB`, `1.2GB`.
package func bytesText(_ bytes: UInt64) -> String {
  let value = Double(bytes)
  switch value {
  case ..<999.5: return "\(bytes)B"
  case ..<999.5e3: return decimal(value / 1e3) + "kB"
  case ..<999.5e6: return decimal(value / 1e6) + "MB"
  default: return decimal(value / 1e9) + "GB"
  }
}

/// A ratio as a percentage: `0%`, `<0.1%`, `0.4%`, `12%`.
package func percentText(_ ratio: Double) -> String {
  guard ratio.isFinite, ratio > 0 else { return "0%" }
  guard ratio >= 0.0005 else { return "<0.1%" }
  return decimal(ratio * 100) + "%"
}

/// `1 connection`, `2 connections`.
func counted(_ count: Int, _ singular: String, _ plural: String? = nil) -> String {
  "\(count) \(count == 1 ? singular : plural ?? singular + "s")"
}

private func scaled(_ value: Double) -> String {
  switch value {
  case ..<999.5: "\(Int(value.rounded()))"
  case ..<999.5e3: decimal(value / 1e3) + "k"
  case ..<999.5e6: decimal(value / 1e6) + "M"
  case ..<999.5e9: decimal(value / 1e9) + "G"
  default: "much"
  }
}
