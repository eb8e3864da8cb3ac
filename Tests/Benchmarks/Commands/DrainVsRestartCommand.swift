internal import ArgumentParser
internal import DeptopBenchmarkFigures
internal import DeptopConfiguration
internal import DeptopLab
internal import DeptopTestSupport
internal import FoundationEssentials
internal import Glibc

/// What healing by deptop costs the callers, beside a restart.
struct DrainVsRestartCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "drain-vs-restart",
    abstract: "Outages of the lab, healed by deptop's action, by restarting the clients, and not at all.",
    discussion: """
      Each time a new lab plays the same scenario until callers suffer. Then the scenario's own repair is asked of \
      deptop, or all of the scenario's clients are killed and started anew at the same time, or nothing is done, which \
      is looked at for as long as the slowest of the others took. A restart at the same time heals soonest; one client \
      after the other takes longer.
      Every figure comes from the lab's own ledgers, none from deptop. Time to healthy is from the action's start to the \
      begin of the first window from which on the scenario's healed condition holds. Caused by the action are requests \
      that failed because a connection was cut on which the upstream had received them, and requests that came while a \
      process started up. A pool of a real PgBouncer, whose database fails over, is measured beside them where PgBouncer, \
      PostgreSQL and dnsmasq are installed; there, PgBouncer is what is restarted. A killed process keeps to itself what \
      it had not written yet, the ends of up to 100 ms.
      """)

  @OptionGroup var report: ReportOptions
  @OptionGroup var product: ProductOptions

  @Option(
    name: .customLong("scenario"),
    help: """
      A scenario, or a file with one, or \(PoolTrial.name); all that heal by a restart unless given, with --quick the \
      first of them.
      """)
  var scenarios: [String] = []

  @Option(help: "How often each outage is played; figures are medians. 3 unless given, with --quick 1.")
  var rounds: Int?

  @Option(help: "How long a client takes from its start to its first request, seconds: one restart for each number.")
  var startUp = "5,0"

  @Flag(help: "Print the README's table.")
  var markdown = false

  @Flag(help: "Tell on the error output what each trial came to, and what deptop said.")
  var verbose = false

  func validate() throws {
    guard !startUps.isEmpty, startUps.count == startUp.split(separator: ",").count,
      startUps.allSatisfy({ (0...60).contains($0) })
    else { throw ValidationError("--start-up takes numbers of seconds from 0 to 60, such as 5,0") }
    guard rounds ?? 1 > 0 else { throw ValidationError("--rounds takes a number above zero") }
  }

  private var startUps: [Double] { startUp.split(separator: ",").compactMap { Double($0) } }

  func run() async throws {
    let paths = try ProductPaths(dashboard: product.deptop)
    guard unsafe access(paths.lab, X_OK) == 0 else { throw BenchmarkFailure("\(paths.lab) is not there: build it too") }
    let rounds = rounds ?? (report.quick ? 1 : 3)
    var comparison = RestartComparison(isQuick: report.quick, rounds: rounds)
    for outage in try outages(paths) {
      do {
        comparison.scenarios.append(try await measure(outage, rounds: rounds))
      } catch let error as BenchmarkFailure {
        comparison.missing.append(MissingPeer(name: outage.name, reason: error.description))
      } catch let error as TestFailure {
        comparison.missing.append(MissingPeer(name: outage.name, reason: "\(error)"))
      }
    }
    try print(comparison)
  }

  /// What is to be played: scenarios of the lab, and the pooler's.
  private func outages(_ paths: ProductPaths) throws -> [Outage] {
    let pool = Outage(name: PoolTrial.name, commands: [PoolTrial.command]) { healing, span in
      if let obstacle = PoolTrial.obstacle { throw BenchmarkFailure(obstacle) }
      return try await PoolTrial(paths: paths).run(healing, for: span)
    }
    let sources = scenarios.filter { $0 != pool.name }
    let (all, names) = try ScenarioLibrary.all(and: sources)
    if scenarios.isEmpty {
      let healing = all.filter(\.healsByRestart).map { Outage($0, source: $0.name, paths) }
      return report.quick ? Array(healing.prefix(1)) : healing + [pool]
    }
    let chosen = try zip(names, sources).map { name, source in
      guard let scenario = all.last(where: { $0.name == name }) else {
        let choices = (all.map(\.name) + [pool.name]).joined(separator: ", ")
        throw ValidationError("no scenario is called \(name); there are \(choices)")
      }
      return Outage(scenario, source: source, paths)
    }
    return chosen + (sources.count < scenarios.count ? [pool] : [])
  }

  private func measure(_ outage: Outage, rounds: Int) async throws -> RestartComparison.Row {
    var results: [Healing: [Aftermath]] = [:]
    var ends: [ActionEnd] = []
    for _ in 0..<rounds {
      var longest = 10.0
      for healing in [Healing.deptop] + startUps.map(Healing.restart) {
        let result = try await run(outage, healing)
        longest = max(longest, result.aftermath.secondsToHealthy ?? Double(Trial.longest) / 1e6)
        results[healing, default: []].append(result.aftermath)
        ends += result.ends
      }
      results[.nothing, default: []].append(try await run(outage, .nothing, for: Int64(longest * 1e6)).aftermath)
    }
    func median(_ healing: Healing) throws(BenchmarkFailure) -> Aftermath {
      guard let median = Aftermath.median(results[healing] ?? []) else {
        throw BenchmarkFailure("nothing was measured")
      }
      return median
    }
    return try RestartComparison.Row(
      name: outage.name, commands: outage.commands, drain: median(.deptop), ends: ends,
      restarts: startUps.map { try RestartComparison.Restart(startUp: $0, aftermath: median(.restart(startUp: $0))) },
      nothing: median(.nothing))
  }

  private func run(_ outage: Outage, _ healing: Healing, for span: Int64? = nil) async throws -> Trial.Result {
    let result = try await outage.run(healing, span)
    if verbose {
      let text = Array("\(outage.name), \(healing): \(result.aftermath)\n\(result.words)\n".utf8)
      _ = unsafe write(STDERR_FILENO, text, text.count)
    }
    return result
  }

  private func print(_ comparison: RestartComparison) throws {
    if report.json {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
      Swift.print(String(decoding: try encoder.encode(comparison), as: UTF8.self))
      return
    }
    for line in markdown ? comparison.markdown : comparison.table.lines { Swift.print(line) }
    if markdown { return }
    for missing in comparison.missing { Swift.print("left out: \(missing.name) (\(missing.reason))") }
    for line in comparison.verdicts { Swift.print(line) }
  }
}

/// An outage that can be played as often as wanted.
private struct Outage {
  let name: String
  /// What heals it, without the word `deptop`.
  let commands: [String]
  /// Plays it, does something about it, and looks for so many microseconds, or until callers are well.
  let run: (Healing, Int64?) async throws -> Trial.Result

  init(name: String, commands: [String], run: @escaping (Healing, Int64?) async throws -> Trial.Result) {
    (self.name, self.commands, self.run) = (name, commands, run)
  }

  init(_ scenario: Scenario, source: String, _ paths: ProductPaths) {
    self.init(name: scenario.name, commands: scenario.repair.commands) { healing, span in
      let trial = Trial(scenario: scenario, source: source, paths: paths, directory: try TemporaryDirectory())
      return try await trial.run(healing, for: span)
    }
  }
}
