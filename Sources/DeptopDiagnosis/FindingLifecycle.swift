package import DeptopModel

/// Decides when a condition becomes a finding and when the finding ends.
///
/// A finding opens when its condition held in 3 of the last 5 ticks, or in as many of them as its rule needs. It ends
/// when the condition has been absent for 60 s; until then it is `clearing`. A condition that returns within 10 minutes
/// of the end is the same finding with one more recurrence.
package struct FindingLifecycle: Sendable {
  /// Ticks of the last ``window`` in which a condition must hold, unless its rule says otherwise.
  package static let ticksNeeded = 3
  package static let window = 5
  package static let clearAfter = Duration.seconds(60)
  package static let rememberFor = Duration.seconds(600)

  fileprivate struct Record {
    var finding: Finding
    /// Ticks of the last ``FindingLifecycle/window`` in which the condition must hold.
    let ticksNeeded: Int
    var recent: [Bool] = []
    var absentSince: WallTime?
    var endedAt: WallTime?
    var isOpen = false
  }

  private let ticksNeeded: [RuleID: Int]
  private var records: [String: Record] = [:]

  /// - Parameter ticksNeeded: Ticks in which a rule's condition must hold, 1…``window``; a rule that is missing needs
  ///   ``ticksNeeded-swift.type.property``.
  package init(ticksNeeded: [RuleID: Int] = [:]) {
    self.ticksNeeded = ticksNeeded
  }

  /// Takes the conditions that hold at one tick, and answers the findings that are open, pending or clearing.
  package mutating func advance(with held: [Finding], at now: WallTime) -> [Finding] {
    let current = Dictionary(held.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    for finding in held where records[finding.id] == nil {
      let needed = ticksNeeded[finding.rule] ?? FindingLifecycle.ticksNeeded
      records[finding.id] = Record(finding: finding, ticksNeeded: needed.clamped(to: 1...FindingLifecycle.window))
    }
    for id in records.keys { records[id]?.advance(with: current[id], at: now) }
    records = records.filter { !$0.value.isForgotten(at: now) }
    return records.values.filter { $0.endedAt == nil }.map(\.finding)
  }
}

extension FindingLifecycle.Record {
  fileprivate mutating func advance(with condition: Finding?, at now: WallTime) {
    recent = Array((recent + [condition != nil]).suffix(FindingLifecycle.window))
    if let condition {
      hold(condition)
    } else {
      miss(at: now)
    }
  }

  private mutating func hold(_ condition: Finding) {
    let since = finding.since
    let recurrences = finding.recurrences + (endedAt == nil ? 0 : 1)
    finding = condition
    finding.since = endedAt == nil ? min(since, condition.since) : condition.since
    finding.recurrences = recurrences
    endedAt = nil
    absentSince = nil
    isOpen = isOpen || recent.count(where: { $0 }) >= ticksNeeded
    finding.state = isOpen ? .open : .pending
  }

  private mutating func miss(at now: WallTime) {
    guard endedAt == nil else { return }
    let since = absentSince ?? now
    absentSince = since
    finding.absentSince = since
    if !isOpen {
      if !recent.contains(true) { end(at: now) }
    } else if now - since >= FindingLifecycle.clearAfter {
      end(at: now)
    } else {
      finding.state = .clearing
    }
  }

  private mutating func end(at now: WallTime) {
    endedAt = now
    isOpen = false
    recent = []
  }

  fileprivate func isForgotten(at now: WallTime) -> Bool {
    guard let endedAt else { return false }
    return now - endedAt >= FindingLifecycle.rememberFor
  }
}
