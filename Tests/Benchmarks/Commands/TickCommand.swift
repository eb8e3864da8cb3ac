internal import ArgumentParser
internal import DeptopBenchmarkFigures
internal import DeptopConnection
internal import DeptopTestSupport
internal import DeptopWire
internal import FoundationEssentials

/// What many dependencies with many clients cost the collector.
struct TickCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tick", abstract: "A collector's tick, memory and bytes to one dashboard under many reports.",
    discussion: """
      Clients are agents that report every dependency each time, over the ingest socket; a share of the dependencies \
      changes between two reports. A dashboard's stream is read all the while. The first two intervals warm up and do \
      not count. The peer is the same collector with a hundredth of the dependencies.
      """)

  @OptionGroup var report: ReportOptions
  @OptionGroup var product: ProductOptions

  @Option(help: "Dependencies that each client reports.")
  var dependencies = 10_000

  @Option(help: "Clients.")
  var clients = 10

  @Option(help: "Seconds between two reports of a client.")
  var interval = 10

  @Option(help: "The part of the dependencies that has traffic between two reports, 0 to 1.")
  var changing = 1.0

  /// What one load came to.
  struct Row: Encodable, Sendable {
    var name: String
    var ticks: Int
    var tickMilliseconds: Double?
    var tickP99: Double?
    var tickLargest: Double?
    var proportionalMebibytes: Double?
    var processorRatio: Double?
    var streamBytesPerSecond: Double?
    var reportMilliseconds: Double?
    var failedReports: Int
  }

  func run() async throws {
    let rounds = report.quick ? 3 : 8
    let paths = try ProductPaths(dashboard: product.deptop)
    let whole = try await measure(dependencies, paths, rounds: rounds)
    let part = try await measure(max(1, dependencies / 100), paths, rounds: rounds)
    var result = Report(benchmark: "tick", isQuick: report.quick, rounds: rounds, rows: [whole, part])
    result.ratios["hundredth"] = ratio(whole.tickMilliseconds, to: part.tickMilliseconds)
    result.targets = [
      Target("tick ms, median", atMost: 200, measured: whole.tickMilliseconds),
      Target("tick ms, p99", atMost: 200, measured: whole.tickP99),
    ]
    try result.print(asJSON: report.json, table([whole, part]))
  }

  private func measure(_ count: Int, _ paths: ProductPaths, rounds: Int) async throws -> Row {
    let place = try TemporaryDirectory()
    let socket = place.file("control.sock")
    let daemon = try Companion(
      [
        paths.collector, "--socket", socket, "--state-directory", place.file("state"),
        "--exit-with-standard-input",
      ], errorPath: place.file("log"))
    let load = ReportLoad(
      dependencies: count, clients: clients, interval: .seconds(interval), changing: changing,
      socket: place.file("ingest.sock"))
    let figures = try await TickFigures(socket: socket, pid: daemon.pid).measure(
      under: load, warmUp: .seconds(interval * 2), for: .seconds(interval * rounds))
    withExtendedLifetime(daemon) {}
    return figures.row(named: "\(count) × \(clients)")
  }

  private func table(_ rows: [Row]) -> TextTable {
    var table = TextTable(header: [
      "load", "ticks", "tick ms", "p99", "largest", "PSS MiB", "cores", "stream B/s", "report ms", "failed",
    ])
    for row in rows {
      table.add(
        [row.name, "\(row.ticks)"]
          + [
            row.tickMilliseconds, row.tickP99, row.tickLargest, row.proportionalMebibytes, row.processorRatio,
            row.streamBytesPerSecond, row.reportMilliseconds,
          ].map { $0.text(digits: 2) } + ["\(row.failedReports)"])
    }
    return table
  }
}
