import DeptopModel
import DeptopTestSupport
import Testing

extension DaemonUnderTest {
  /// Starts one beside the clients of a laboratory, in a namespace with loopback alone.
  static func start(
    _ configuration: String, beside lab: NetworkLab, as user: OtherUser? = nil
  ) async throws -> DaemonUnderTest {
    try await start(configuration, in: Surroundings(user: user, launcher: lab.host.launcher))
  }

  /// The open finding of a rule on a dependency; nil when there is none.
  func openFinding(_ rule: RuleID, on dependency: DependencyID) async throws -> Finding? {
    try await snapshot().findings.first { $0.rule == rule && $0.dependency == dependency && $0.state == .open }
  }

  /// Waits for the open finding of a rule.
  func waitForFinding(_ rule: RuleID, on dependency: DependencyID, within limit: Duration) async throws -> Finding {
    var found: Finding?
    do {
      try await waitUntil("\(rule) is found on \(dependency)", within: limit) {
        found = try await openFinding(rule, on: dependency)
        return found != nil
      }
    } catch let failure as TestFailure {
      let shown = try await snapshot()
      let findings = shown.findings.map { "\($0.id) \($0.state)" }
      throw TestFailure("\(failure); found are \(findings), sources \(shown.sources)")
    }
    return try #require(found)
  }

  /// Waits until a dependency's connections are so, and answers its detail.
  @discardableResult
  func waitForDetail(
    of name: String, _ what: String, within limit: Duration = .seconds(20), _ condition: (DependencyDetail) -> Bool
  ) async throws -> DependencyDetail {
    var last: DependencyDetail?
    do {
      try await waitUntil("\(name): \(what)", within: limit) {
        // It is not there before the first sweep has met one of its connections.
        guard try await snapshot().dependencies.contains(where: { $0.id.rawValue == name }) else { return false }
        let detail = try await detail(of: name)
        last = detail
        return condition(detail)
      }
    } catch let failure as TestFailure {
      let conditions = last?.connections.map { "\($0.local) \($0.remote) \($0.signals)" } ?? []
      let log = log.split(separator: "\n").suffix(5).joined(separator: "\n")
      throw TestFailure("\(failure); its connections: \(conditions.joined(separator: "; ")); log: \(log)")
    }
    return try #require(last)
  }

  /// Waits until so many snapshots were taken after now.
  func waitForSnapshots(_ count: UInt64) async throws {
    let now = try await snapshot().sequence
    try await waitUntil("\(count) more snapshots") { try await snapshot().sequence >= now + count }
  }

  /// Repairs a dependency by the command line, and answers how the action ended.
  func repair(_ name: String, _ method: RepairMethod) async throws -> (command: ProductCommand, status: ActionStatus) {
    let command = try await ProductCommand.deptop(repairArguments(name, method))
    guard let status = try await actions().last(where: { $0.verb == .repair && $0.dependency.rawValue == name }) else {
      throw TestFailure("nothing was repaired: \(command)")
    }
    return (command, status)
  }

  /// `deptop repair` without questions.
  func repairArguments(_ name: String, _ method: RepairMethod) -> [String] {
    ["repair", name, "--method", method.rawValue, "--yes", "--reason", "drill", "--socket", socketPath]
  }

  /// The last action on a dependency, once it has its verdict.
  func lastVerdict(on name: String, within limit: Duration = .seconds(60)) async throws -> Verdict {
    var verdict: Verdict?
    try await waitUntil("the action on \(name) has a verdict", within: limit) {
      verdict = try await actions().last { $0.dependency.rawValue == name }?.verdict
      return verdict != nil
    }
    return try #require(verdict)
  }
}

extension Finding {
  /// All that it says, for what has to be in it somewhere.
  var words: String {
    ([text] + evidence.map { "\($0.reading): \($0.value)" } + notFound).joined(separator: "; ")
  }
}

extension DashboardUnderTest {
  /// Arms, plans a repair of what is selected by a letter of the menu, and confirms it.
  func repair(_ letter: String, confirming name: String) throws {
    try press(":arm\r", untilItShows: "ARMED")
    try press("K", untilItShows: "prove")
    try press(letter, untilItShows: "same as")
    if shows("type \(name) to run") { try press(name, untilItShows: "Enter runs it") }
    try confirm()
  }
}
