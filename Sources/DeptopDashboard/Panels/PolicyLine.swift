internal import DeptopModel
internal import DeptopScreen

/// What the clients are configured to do, in one line.
enum PolicyLine {
  /// Only what they say; nil when they say nothing, or do not agree.
  static func text(_ policy: Policy?, _ glyphs: Glyphs) -> String? {
    guard let policy else { return nil }
    func named(_ name: String, _ duration: Duration?) -> String? { duration.map { "\(name) \($0.setting(glyphs))" } }
    let budget = policy.retryBudget.map { " (budget \(percentText($0)))" } ?? ""
    let parts = [
      named("deadline", policy.deadline), policy.retries.map { "retries \($0)\(budget)" },
      policy.retries == nil ? policy.retryBudget.map { "retry budget \(percentText($0))" } : nil,
      named("acquire", policy.acquireTimeout), named("connect", policy.connectTimeout),
      named("read", policy.readTimeout), named("lifetime", policy.maximumLifetime),
      named("idle", policy.idleTimeout), named("keepalive", policy.keepalive),
    ].compactMap { $0 }
    return parts.isEmpty ? nil : "policy: " + parts.joined(separator: ", ")
  }
}

extension Duration {
  /// A configured time, which is not rounded: `800ms`, `1.5s`, `350s`, `30m`, `1h02m`.
  fileprivate func setting(_ glyphs: Glyphs) -> String {
    let seconds = seconds
    guard seconds >= 1 else { return text(glyphs) }
    if seconds.rounded() != seconds { return text(glyphs) }
    if seconds.truncatingRemainder(dividingBy: 3600) == 0 { return "\(Int(min(seconds, 1e12)) / 3600)h" }
    guard seconds >= 600 else { return "\(Int(seconds))s" }
    return seconds.truncatingRemainder(dividingBy: 60) == 0 && seconds < 3600
      ? "\(Int(seconds) / 60)m" : elapsed
  }
}
