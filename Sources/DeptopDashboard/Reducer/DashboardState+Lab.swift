internal import DeptopModel
internal import DeptopScreen
internal import DeptopWire

extension DashboardState {
  /// False for a key that means nothing here and is not shown.
  package func offers(_ binding: KeyBinding) -> Bool { !binding.needsLab || scene != nil }

  /// Asks something of the lab; without one it is said how to get one.
  mutating func ask(_ request: LabRequest, _ now: WallTime) -> [Effect] {
    guard scene != nil else {
      notify("there is no lab: deptop demo starts one", .problem, now)
      return []
    }
    return [.lab(request)]
  }

  mutating func leaveOut(_ scenario: String, _ reason: String, _ now: WallTime) {
    leftOut.append(sanitized("\(scenario): \(reason)"))
    notify("\(counted(leftOut.count, "scenario")) cannot be played on this host: ? tells which and why", now)
  }

  /// Says why something cannot be done: in the last line where it fits, else in a dialog that shows all of it.
  mutating func explain(_ what: String, _ reason: String, _ now: WallTime) {
    let text = "\(what): \(reason)"
    if columnWidth(of: sanitized(text)) + 1 <= size.columns {
      notify(text, .problem, now)
    } else {
      show(.refusal(title: "\(what): not possible", text: reason))
    }
  }
}
