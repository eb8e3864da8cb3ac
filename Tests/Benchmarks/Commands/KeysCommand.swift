internal import ArgumentParser
internal import DeptopBenchmarkFigures
internal import DeptopTestSupport

/// From a key to its answer.
struct KeysCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "keys", abstract: "Time from a key to the first byte of the answer and to its first visible change.",
    discussion: """
      Cursor keys, one at a time, each after a silence, while 1,000 dependencies change each second. The share of \
      probes without a key that were followed by output within 5 ms tells how much of it might have come anyway. \
      Ratios are of the visible change at p99.
      """)

  @OptionGroup var report: ReportOptions
  @OptionGroup var product: ProductOptions

  @Option(help: "How many of the 1,000 dependencies change each second.")
  var changing = 1000

  /// What one program's answers came to, milliseconds.
  struct Row: Encodable, Sendable {
    var name: String
    var keys: Int
    /// Keys that nothing followed within a second.
    var unanswered: Int
    var firstByteP50: Double?
    var firstByteP95: Double?
    var firstByteP99: Double?
    var visibleP50: Double?
    var visibleP95: Double?
    var visibleP99: Double?
    /// Of probes without a key, 0…1.
    var unpromptedShare: Double?
  }

  func run() async throws {
    let stage = try Stage(product, home: TemporaryDirectory())
    let feed = try stage.feed(changing: changing)
    let peers = await Peers(home: stage.home, includesDatabase: true)
    let programs = [stage.dashboard(at: feed)] + peers.programs
    let rounds = report.quick ? 2 : 5
    let answers = try measure(programs, rounds: rounds, probes: report.quick ? 40 : 125)
    let rows = programs.map { KeysCommand.row($0.name, answers[$0.name] ?? []) }
    var result = Report(
      benchmark: "keys", isQuick: report.quick, rounds: rounds, rows: rows, missing: peers.missing)
    for row in rows.dropFirst() { result.ratios[row.name] = ratio(rows[0].visibleP99, to: row.visibleP99) }
    result.targets = [
      Target("key to screen p50 ms", atMost: 1, measured: rows[0].visibleP50),
      Target("key to screen p99 ms", atMost: 5, measured: rows[0].visibleP99),
    ]
    try result.print(asJSON: report.json, table(rows))
    withExtendedLifetime((feed, peers)) {}
  }

  private func measure(_ programs: [Program], rounds: Int, probes: Int) throws -> [String: [KeyAnswer]] {
    var answers: [String: [KeyAnswer]] = [:]
    for _ in 0..<rounds {
      for program in programs {
        let session = try TerminalSession(program)
        try session.pumpUntilContent()
        session.pump(until: .now + .seconds(2))
        let sent = session.probe(count: probes)
        answers[program.name, default: []] += session.answers(to: sent)
      }
    }
    return answers
  }

  private static func row(_ name: String, _ answers: [KeyAnswer]) -> Row {
    let keys = answers.filter(\.hasKey)
    let others = answers.filter { !$0.hasKey }
    let first = Percentiles(keys.compactMap { $0.firstByte.map { $0 / .milliseconds(1) } })
    let visible = Percentiles(keys.compactMap { $0.visible.map { $0 / .milliseconds(1) } })
    let unprompted = others.count { $0.firstByte.map { $0 < .milliseconds(5) } ?? false }
    return Row(
      name: name, keys: keys.count, unanswered: keys.count { $0.firstByte == nil },
      firstByteP50: first.value(at: 0.5), firstByteP95: first.value(at: 0.95), firstByteP99: first.value(at: 0.99),
      visibleP50: visible.value(at: 0.5), visibleP95: visible.value(at: 0.95), visibleP99: visible.value(at: 0.99),
      unpromptedShare: ratio(Double(unprompted), to: Double(others.count)))
  }

  private func table(_ rows: [Row]) -> TextTable {
    var table = TextTable(header: [
      "program", "keys", "first byte p50 ms", "p95", "p99", "visible p50 ms", "p95", "p99", "unanswered",
      "unprompted %",
    ])
    for row in rows {
      let figures = [
        row.firstByteP50, row.firstByteP95, row.firstByteP99, row.visibleP50, row.visibleP95, row.visibleP99,
      ]
      table.add(
        [row.name, "\(row.keys)"] + figures.map { $0.text(digits: 2) }
          + ["\(row.unanswered)", row.unpromptedShare.map { $0 * 100 }.text(digits: 1)])
    }
    return table
  }
}
