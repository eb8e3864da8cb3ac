internal import DeptopModel

extension Snapshot {
  /// What is said where no finding is: that there is nothing to find, or that callers fail and no rule is sure why yet.
  var withoutFindings: (text: String, level: Level) {
    let failing = dependencies.filter { ($0.calls?.value.level ?? .ok) > .ok }
      .sorted { ($0.calls?.value.errorRatio ?? 0, $1.id.rawValue) > ($1.calls?.value.errorRatio ?? 0, $0.id.rawValue) }
    guard let worst = failing.first, let calls = worst.calls?.value, let ratio = calls.errorRatio else {
      return ("nothing found", .ok)
    }
    let others = failing.count > 1 ? ", and \(failing.count - 1) more fail" : ""
    return (
      "\(worst.id.shown): \(percentText(ratio)) of its requests fail\(others); no rule is sure of the cause yet",
      calls.level
    )
  }
}
