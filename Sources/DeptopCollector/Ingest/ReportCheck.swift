internal import DeptopConfiguration
internal import DeptopModel
internal import DeptopWire

/// Decides which parts of a report are taken: sizes, names and numbers that could be true.
struct ReportCheck: Sendable {
  static let dependencies = 20_000
  static let nameBytes = 253
  static let errorTypes = 64
  static let connections = 10_000
  /// The largest gauge that is believed: more connections than a host can have.
  static let largestGauge = 10_000_000

  /// Takes what can be taken, and says why the rest cannot.
  static func sorted(_ report: AgentReport) throws(Refusal) -> (accepted: [ClientReport], refused: [RefusedReport]) {
    guard report.dependencies.count <= dependencies else {
      throw Refusal(
        .tooMany, "a report has \(report.dependencies.count) dependencies, and at most \(dependencies) are accepted")
    }
    var accepted: [ClientReport] = []
    var refused: [RefusedReport] = []
    var seen: Set<String> = []
    for dependency in report.dependencies {
      let title = dependency.title ?? ""
      if let reason = objection(to: dependency) ?? (seen.insert(title).inserted ? nil : "is reported twice") {
        refused.append(RefusedReport(dependency: DisplayText.clean(title, limit: 80), reason: reason))
      } else {
        accepted.append(dependency)
      }
    }
    return (accepted, refused)
  }

  /// Why a text cannot name anything; nil when it can.
  static func objection(toName name: String) -> String? {
    if name.isEmpty { return "is empty" }
    if name.utf8.count > nameBytes { return "has \(name.utf8.count) bytes, and at most \(nameBytes) are accepted" }
    return name.unicodeScalars.allSatisfy(DisplayText.isHarmless) ? nil : "has control or formatting characters"
  }

  private static func objection(to report: ClientReport) -> String? {
    guard let title = report.title else { return "has neither a name nor a host" }
    if let objection = objection(toName: title) { return "its name \(objection)" }
    if let host = report.host, let objection = objection(toName: host) { return "its host \(objection)" }
    if let kind = report.kind, let objection = objection(toName: kind.rawValue) { return "its kind \(objection)" }
    return gauges(of: report) ?? sizes(of: report) ?? numbers(of: report)
  }

  private static func gauges(of report: ClientReport) -> String? {
    let pool = report.pool
    let named: [(String, Int?)] = [
      ("pool.active", pool?.active), ("pool.idle", pool?.idle), ("pool.transitional", pool?.transitional),
      ("pool.pending", pool?.pending), ("pool.max", pool?.max), ("waiting", report.waiting),
      ("policy.retries", report.policy?.retries),
    ]
    return named.lazy.compactMap { name, value in
      value.flatMap { (0...largestGauge).contains($0) ? nil : "\(name) is \($0): expected 0 to \(largestGauge)" }
    }.first
  }

  private static func sizes(of report: ClientReport) -> String? {
    if let errors = report.totals?.errors {
      if errors.count > errorTypes { return "has \(errors.count) error types, and at most \(errorTypes) are accepted" }
      if let name = errors.keys.first(where: { objection(toName: $0) != nil }) {
        return "an error type of \(name.utf8.count) bytes is no name"
      }
    }
    if let count = report.connections?.count, count > connections {
      return "lists \(count) connections, and at most \(connections) are accepted"
    }
    let texts = [report.breaker?.name, report.breaker?.reason].compactMap { $0 }
    return texts.contains { $0.utf8.count > 1000 } ? "a text of its breaker has more than 1000 bytes" : nil
  }

  private static func numbers(of report: ClientReport) -> String? {
    let policy = report.policy
    let durations = [
      report.oldestWaiting, report.pool?.oldestWait, policy?.deadline, policy?.acquireTimeout, policy?.connectTimeout,
      policy?.readTimeout, policy?.maximumLifetime, policy?.idleTimeout, policy?.keepalive, report.breaker?.openWait,
    ].compactMap { $0 }
    if durations.contains(where: { $0 < .zero || $0 > .seconds(1_000_000_000) }) {
      return "has a negative or endless time"
    }
    let ratios = [policy?.retryBudget, report.breaker?.failureRatio].compactMap { $0 }
    return ratios.contains { !(0...1).contains($0) } ? "has a ratio outside 0 to 1" : nil
  }
}
