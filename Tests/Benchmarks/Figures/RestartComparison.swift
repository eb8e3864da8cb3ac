/// Outages that were healed in several ways.
package struct RestartComparison: Sendable, Encodable {
  package let benchmark = "drain-vs-restart"
  package var isQuick: Bool
  package var rounds: Int
  package var scenarios: [Row] = []
  /// Scenarios that were to be measured and could not be, with the reason.
  package var missing: [MissingPeer] = []

  /// One outage.
  package struct Row: Sendable, Encodable {
    package var name: String
    /// What deptop was asked, without the word `deptop`.
    package var commands: [String]
    package var drain: Aftermath
    /// How deptop itself says that its commands ended, in the order in which they were given.
    package var ends: [ActionEnd]
    /// The first start-up that was asked for.
    package var restart: Aftermath?
    package var restarts: [Restart]
    package var nothing: Aftermath
    /// Time to healthy of the first restart over that of the drain.
    package var restartToDrain: Double?

    package init(
      name: String, commands: [String], drain: Aftermath, ends: [ActionEnd] = [], restarts: [Restart],
      nothing: Aftermath
    ) {
      self.name = name
      self.commands = commands
      self.drain = drain
      self.ends = ends
      restart = restarts.first?.aftermath
      self.restarts = restarts
      self.nothing = nothing
      restartToDrain = ratio(restart?.secondsToHealthy, to: drain.secondsToHealthy)
    }
  }

  /// One way to restart.
  package struct Restart: Sendable, Encodable {
    /// Seconds from a process' start to its first request.
    package var startUp: Double
    package var aftermath: Aftermath

    package init(startUp: Double, aftermath: Aftermath) {
      self.startUp = startUp
      self.aftermath = aftermath
    }
  }

  package init(isQuick: Bool, rounds: Int) {
    self.isQuick = isQuick
    self.rounds = rounds
  }
}

// MARK: - For people

extension RestartComparison {
  private static let header = [
    "outage", "healed by", "s to healthy", "failed", "lost in flight", "not served", "caused by it",
    "new connections/s", "requests/s",
  ]

  package var table: TextTable {
    var table = TextTable(header: Self.header)
    for row in rows { table.add(row) }
    return table
  }

  /// The same between the README's markers, in Markdown.
  package var markdown: [String] {
    let rule = Self.header.indices.map { $0 < 2 ? "---" : "--:" }
    return ["<!-- drain-vs-restart -->"] + ([Self.header, rule] + rows).map { "| \($0.joined(separator: " | ")) |" }
      + ["<!-- end -->"]
  }

  private var rows: [[String]] {
    scenarios.flatMap { row in
      [Self.cells(row.name, row.commands.map { "deptop " + $0 }.joined(separator: ", "), row.drain)]
        + row.restarts.map {
          Self.cells(row.name, "restart, start-up \($0.startUp.text(digits: 0)) s", $0.aftermath)
        } + [Self.cells(row.name, "nothing", row.nothing)]
    }
  }

  private static func cells(_ name: String, _ way: String, _ aftermath: Aftermath) -> [String] {
    [
      name, way, aftermath.secondsToHealthy.map { $0.text(digits: 2) } ?? "never",
      aftermath.failed.text(digits: 0), aftermath.lostInFlight.text(digits: 0), aftermath.notServed.text(digits: 0),
      aftermath.causedByAction.text(digits: 0),
      "\(aftermath.connectionsPeak.text(digits: 0)) (\(aftermath.connectionsCalm.text(digits: 1)))",
      "\(aftermath.requestsPeak.text(digits: 0)) (\(aftermath.requestsCalm.text(digits: 0)))",
    ]
  }

  /// What follows from it, and where the restart is better.
  package var verdicts: [String] {
    let caused = scenarios.reduce(0) { $0 + $1.drain.causedByAction }
    return scenarios.flatMap(\.verdicts)
      + (scenarios.isEmpty ? [] : ["requests that failed because deptop acted, all outages: \(caused.text(digits: 0))"])
  }
}

extension RestartComparison.Row {
  fileprivate var verdicts: [String] {
    guard let first = restarts.first else { return [] }
    let times = restartToDrain.text(digits: 1)
    let start = first.startUp.text(digits: 0)
    return ["\(name): deptop heals \(times) × sooner than a restart with \(start) s start-up"]
      + unhealed + restarts.flatMap { wins(of: $0) }
  }

  private var unhealed: [String] {
    ActionEnd.allCases.filter { $0 != .healed && ends.contains($0) }.map { end in
      "  deptop's own verdict: \(end.rawValue), \(ends.count { $0 == end }) of \(ends.count) actions"
    }
  }

  private func wins(of restart: RestartComparison.Restart) -> [String] {
    let (own, other) = (drain, restart.aftermath)
    var wins: [String] = []
    if let seconds = other.secondsToHealthy, seconds < own.secondsToHealthy ?? .infinity {
      wins.append("\(seconds.text(digits: 2)) s to healthy, deptop \(own.secondsToHealthy.text(digits: 2))")
    }
    if other.failed < own.failed {
      wins.append("\(other.failed.text(digits: 0)) failed, deptop \(own.failed.text(digits: 0))")
    }
    guard !wins.isEmpty else { return [] }
    return ["  the restart with \(restart.startUp.text(digits: 0)) s wins: \(wins.joined(separator: "; "))"]
  }
}
