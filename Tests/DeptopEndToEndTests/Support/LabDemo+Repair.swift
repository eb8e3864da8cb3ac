import DeptopModel
import DeptopTestSupport

extension LabDemo {
  /// Presses a key of the caption, answers what the dashboard then asks for, and takes note of the verdict.
  ///
  /// - Parameters:
  ///   - key: What the caption names: `D`, `R`, `B` or `K`.
  ///   - command: What it stands for, as words after `deptop`: says into which state a breaker is to be put.
  ///   - dependency: What is selected.
  /// - Returns: The screen with the verdict, which is dismissed.
  /// - Throws: ``TestFailure`` with the screen, when a step is not answered or there is no plan.
  func repair(_ key: String, _ command: String, of dependency: String) throws -> [String] {
    var verdict: [String] = []
    for _ in 1...3 {
      dashboard.press(key)
      try choose(key, command, of: dependency)
      try confirm(dependency)
      try dashboard.wait("the verdict is there", within: .seconds(90)) { $0.shows("Enter dismiss") }
      verdict = dashboard.screen
      dashboard.press("\r")
      try dashboard.wait("the verdict is dismissed") { !$0.shows("Enter dismiss") }
      if !verdict.contains(where: { $0.contains("not started") }) { return verdict }
      // What was planned has changed in the meantime, and a new plan is asked for.
      guard verdict.contains(where: { $0.contains("make a new plan") }) else {
        throw TestFailure("\(key) is refused:\n" + verdict.joined(separator: "\n"))
      }
    }
    throw TestFailure("no plan of \(key) was the same a moment later:\n" + verdict.joined(separator: "\n"))
  }

  /// Chooses what the caption means from the menu that the key opens, if it opens one.
  private func choose(_ key: String, _ command: String, of dependency: String) throws {
    switch key {
    case "B":
      try dashboard.wait(for: "breaker of \(dependency)", within: .seconds(4))
      dashboard.press(try Self.menuKey(command))
    case "K":
      try dashboard.wait(for: "repair connections of \(dependency)", within: .seconds(4))
      // The way that the finding asks for is highlighted.
      dashboard.press("\r")
    default: break
    }
  }

  /// The key that chooses the last word of a breaker's command.
  private static func menuKey(_ command: String) throws -> String {
    let keys: [BreakerState: String] = [.closed: "c", .open: "o", .halfOpen: "h", .forcedOpen: "f", .disabled: "d"]
    let word = command.split(separator: " ").last.map(String.init) ?? ""
    guard let key = BreakerState(rawValue: word).flatMap({ keys[$0] }) else {
      throw TestFailure("no state: \(command)")
    }
    return key
  }

  /// Confirms a plan in the way that it asks for.
  private func confirm(_ dependency: String) throws {
    try dashboard.wait("a plan is there") { $0.shows("same as") || $0.shows("not possible") }
    guard dashboard.shows("same as") else {
      throw TestFailure("there is no plan:\n" + dashboard.screen.joined(separator: "\n"))
    }
    if dashboard.shows("type \(dependency) to run") { dashboard.press(dependency) }
    try dashboard.confirm()
  }

  /// Waits for the time that a caption names, and until nobody of a dependency's pool is at work, as its row shows it.
  func waitForEmptyQueue(of dependency: String, atLeast pause: Duration) throws {
    dashboard.terminal.wait(for: pause) { $0.ending != nil }
    try dashboard.wait("the pool of \(dependency) is at rest", within: .seconds(60)) { emulator in
      guard let row = emulator.screen.first(where: { $0.contains(" \(dependency) ") }) else { return false }
      return row.contains(#/ 0/ *\d+/ *\d+ /#) && !row.contains(" wait")
    }
  }
}
