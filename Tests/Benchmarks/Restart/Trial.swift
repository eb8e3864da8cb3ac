internal import DeptopBenchmarkFigures
internal import DeptopConfiguration
internal import DeptopLab
internal import DeptopModel
internal import DeptopTestSupport
internal import DeptopWire

/// One outage in a lab of its own, and what is done about it.
struct Trial {
  let scenario: Scenario
  /// What the lab is to be told to play: its name, or a file's path.
  let source: String
  let paths: ProductPaths
  let directory: TemporaryDirectory

  /// What became of it.
  struct Result {
    var aftermath: Aftermath
    /// What deptop said, when it was asked to act.
    var words: String
    /// How deptop's own commands ended; none when it was not asked.
    var ends: [ActionEnd] = []
  }

  /// Callers have to be well for that long, after which nothing is looked at any more.
  private static let proof: Int64 = 8_000_000
  /// An outage that nothing has healed is looked at for that long, microseconds.
  static let longest: Int64 = 60_000_000
  /// Lines are written up to 100 ms after what they tell of.
  private static let delay: Int64 = 300_000
  /// Of fewer requests in a window, nothing is said.
  private static let fewest = 4

  /// Plays until it is broken, acts, and looks until callers are well.
  ///
  /// - Parameters:
  ///   - healing: What is done.
  ///   - span: How long is looked, microseconds; nil to look until callers have been well for a while.
  /// - Returns: What became of it.
  /// - Throws: ``BenchmarkFailure`` when the lab does not play it, and what keeps its ledgers from being read.
  func run(_ healing: Healing, for span: Int64? = nil) async throws -> Result {
    let lab = try LabPlay(paths.lab, scenario: source, complaints: directory.file("lab.log"))
    try lab.waitUntilBroken()
    let output = directory.file("deptop-\(LabClock.now).log")
    let (sockets, begin) = (lab.sockets, LabClock.now)
    async let action = act(healing, sockets, output)
    let aftermath = try await watch(lab, from: begin, for: span, isRestart: healing.isRestart)
    let ends = try await action
    let words = directory.read(output.split(separator: "/").last.map(String.init) ?? "")
    return Result(aftermath: aftermath, words: words, ends: ends)
  }

  private func act(_ healing: Healing, _ sockets: LabPlay.Sockets, _ output: String) async throws -> [ActionEnd] {
    switch healing {
    case .nothing: return []
    case .restart(let startUp):
      let words = ["client", scenario.clients.joined(separator: ","), "restart", "start-up=\(startUp)"]
      let answer = try await LabSocket.ask(.fault(words: words), at: sockets.lab)
      if case .refused(let reason) = answer {
        throw BenchmarkFailure("the lab refuses \(words.joined(separator: " ")): \(reason)")
      }
      return []
    case .deptop:
      var ends: [ActionEnd] = []
      for (index, command) in scenario.repair.commands.enumerated() {
        if index > 0 { try await Task.sleep(for: scenario.repair.pause) }
        let words = command.split(separator: " ").map(String.init)
        let status = try await ChildProcess.run(
          ChildProcess.Command(
            [paths.dashboard] + words + [
              "--socket", sockets.control, "--yes", "--reason", "deptop-bench drain-vs-restart",
            ],
            outputPath: output), within: .seconds(150))
        ends.append(ActionEnd(exitStatus: status))
      }
      return ends
    }
  }

  private func watch(
    _ lab: LabPlay, from begin: Int64, for span: Int64?, isRestart: Bool
  ) async throws -> Aftermath {
    while true {
      try await Task.sleep(for: .milliseconds(250))
      try lab.read()
      let end = LabClock.now - Self.delay
      guard end > begin else { continue }
      let brewing = lab.brokenFrom ?? begin
      let aftermath = Aftermath(
        lab.ledgers,
        Aftermath.Scene(
          clients: scenario.clients, dependency: scenario.dependency, measure: measure,
          calm: brewing - 2_500_000..<brewing - 500_000, observed: begin..<end, isRestart: isRestart))
      let looked = end - begin
      if let span {
        if looked >= span { return aftermath }
      } else if looked >= Self.longest {
        return aftermath
      } else if let healthy = aftermath.secondsToHealthy, Double(looked) / 1e6 - healthy >= Double(Self.proof) / 1e6 {
        return aftermath
      }
    }
  }

  private var measure: Recovery.Measure {
    let condition = scenario.healed.condition
    return Recovery.Measure(
      window: Int64(condition.window / .microseconds(1)), failures: condition.failures ?? ScenarioPlay.usualFailures,
      fewest: Self.fewest)
  }
}

extension Healing {
  fileprivate var isRestart: Bool { if case .restart = self { true } else { false } }
}
