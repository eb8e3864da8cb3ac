internal import ArgumentParser
internal import DeptopBenchmarkFigures
internal import DeptopTestSupport

/// From the start of a program to its full screen.
struct PaintCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "paint", abstract: "Time from exec to the first output and to the full screen.",
    discussion: """
      The full screen is the first one that equals the screen after a quarter of a second of silence, digits aside. \
      deptop is measured at a real deptopd on this host, and at a collector that feeds it 1,000 dependencies. Ratios \
      are of the full screen at 1,000 dependencies.
      """)

  @OptionGroup var report: ReportOptions
  @OptionGroup var product: ProductOptions

  /// What one program's starts came to, milliseconds.
  struct Row: Encodable, Sendable {
    var name: String
    var starts: Int
    var firstOutputMilliseconds: Double?
    var fullPaintMilliseconds: Double?
    var fullPaintSmallest: Double?
    var fullPaintLargest: Double?
  }

  private static let silence = Duration.milliseconds(250)

  func run() async throws {
    let stage = try Stage(product, home: TemporaryDirectory())
    let host = try await stage.realCollector()
    let feed = try stage.feed(changing: 0)
    let peers = await Peers(home: stage.home, includesDatabase: false)
    let programs = [stage.dashboard(at: host, "deptop, this host"), stage.dashboard(at: feed, "deptop, 1,000")]
    let rounds = report.quick ? 5 : 21
    let starts = try await measure(programs + peers.programs, rounds: rounds)
    let rows = (programs + peers.programs).map { PaintCommand.row($0.name, starts[$0.name] ?? []) }
    var result = Report(
      benchmark: "paint", isQuick: report.quick, rounds: rounds, rows: rows, missing: peers.missing)
    for row in rows.dropFirst(2) {
      result.ratios[row.name] = ratio(rows[1].fullPaintMilliseconds, to: row.fullPaintMilliseconds)
    }
    result.targets = rows.prefix(2).map {
      Target("\($0.name), full paint ms", atMost: 30, measured: $0.fullPaintMilliseconds)
    }
    try result.print(asJSON: report.json, table(rows))
    withExtendedLifetime((host, feed, peers)) {}
  }

  private func measure(_ programs: [Program], rounds: Int) async throws -> [String: [Paint]] {
    var starts: [String: [Paint]] = [:]
    for _ in 0..<rounds {
      for program in programs {
        let session = try TerminalSession(program)
        try session.pumpUntilContent()
        session.pump(untilSilentFor: PaintCommand.silence, atMost: .seconds(5))
        if let paint = Paint(of: session) { starts[program.name, default: []].append(paint) }
      }
    }
    return starts
  }

  private static func row(_ name: String, _ starts: [Paint]) -> Row {
    let full = Percentiles(starts.map { $0.full / .milliseconds(1) })
    return Row(
      name: name, starts: starts.count,
      firstOutputMilliseconds: Percentiles(starts.map { $0.first / .milliseconds(1) }).median,
      fullPaintMilliseconds: full.median, fullPaintSmallest: full.smallest, fullPaintLargest: full.largest)
  }

  private func table(_ rows: [Row]) -> TextTable {
    var table = TextTable(header: ["program", "first output ms", "full paint ms", "smallest", "largest"])
    for row in rows {
      table.add(
        [row.name]
          + [row.firstOutputMilliseconds, row.fullPaintMilliseconds, row.fullPaintSmallest, row.fullPaintLargest].map {
            $0.text(digits: 1)
          })
    }
    return table
  }
}

/// When a program's screen came up, since its start.
private struct Paint {
  let first: Duration
  let full: Duration

  /// nil when the program wrote nothing.
  init?(of session: TerminalSession) {
    guard let output = session.outputs.first else { return nil }
    first = output.time - session.startedAt
    var end = Replay(size: session.size)
    end.show(session.outputs)
    let look = end.screen.steadyLook
    var replay = Replay(size: session.size)
    for output in session.outputs {
      replay.show([output])
      if replay.screen.steadyLook == look {
        full = output.time - session.startedAt
        return
      }
    }
    return nil
  }
}
