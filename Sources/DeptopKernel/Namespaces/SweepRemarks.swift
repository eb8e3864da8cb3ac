package import DeptopModel

/// What sweeps could not see, in sentences for the operator.
package struct SweepRemarks: Sendable {
  /// Why other namespaces are not swept.
  package var namespaces: String?
  /// Why ended connections are not heard of, by namespace.
  package var closings: [NamespaceID: String] = [:]
  /// Sockets that the last sweep's answers described only in part.
  package var damaged = 0
  /// Why owners or translations are not known although there is a helper.
  package var helper: String?
  private var lostAt: WallTime?

  package init() {}

  /// Takes note that ends of connections were lost.
  package mutating func noteLoss(at time: WallTime) {
    lostAt = time
  }

  package func sentences(at time: WallTime) -> [String] {
    var sentences = [namespaces, helper].compactMap { $0 }
    if let own = closings[.own] { sentences.append("closed connections are not seen: \(own)") }
    let others = closings.filter { $0.key != .own }
    if let first = others.min(by: { $0.key < $1.key }) {
      sentences.append("closed connections are not seen in \(others.count) other namespaces: \(first.value)")
    }
    // For as long as ends are counted.
    if let lostAt, time - lostAt < ClosingSummary.window {
      sentences.append(
        "closed connections were more than could be read at \(lostAt.timeOfDay): their number is too low")
    }
    if damaged > 0 { sentences.append("\(damaged) sockets were described by the kernel only in part") }
    return sentences
  }
}

extension WallTime {
  /// `14:05:09 UTC`.
  fileprivate var timeOfDay: String {
    let seconds = Int(exactly: secondsSinceEpoch.rounded(.down)) ?? 0
    let day = ((seconds % 86_400) + 86_400) % 86_400
    let parts = [day / 3600, day / 60 % 60, day % 60]
    return parts.map { $0 < 10 ? "0\($0)" : "\($0)" }.joined(separator: ":") + " UTC"
  }
}
