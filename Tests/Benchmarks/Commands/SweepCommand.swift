internal import ArgumentParser
internal import DeptopBenchmarkFigures
internal import DeptopTestSupport

/// What one look at the kernel's socket table costs.
struct SweepCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sweep", abstract: "Processor time of one kernel sweep, beside a bare dump in C and `ss -tin`.",
    discussion: """
      deptop's sweep reads every socket with its tcp_info, derives what each connection is doing, and counts \
      connections by dependency. The bare dump reads the same and counts sockets, nothing else. Of ss, its whole \
      process counts, its output goes to a pipe. Of a collector beside them, the share of a core and the resident \
      memory are told, at a tick of one second.
      """)

  @OptionGroup var report: ReportOptions
  @OptionGroup var product: ProductOptions

  @Option(parsing: .upToNextOption, help: "How many sockets are held on loopback, one measurement for each number.")
  var sockets = [10_000, 50_000]

  /// What one kind of sweep, or a collector, came to.
  struct Row: Encodable, Sendable {
    var name: String
    /// Connections in the socket table.
    var connections: Int
    /// Of one sweep, milliseconds of processor time.
    var processorMilliseconds: Double?
    var smallest: Double?
    var largest: Double?
    /// Of a collector: the part of one core that it takes.
    var processorRatio: Double?
    var residentMebibytes: Double?
  }

  func run() async throws {
    let ss = DeptopTestSupport.Program.path(of: "ss")
    let rounds = report.quick ? 7 : 31
    var result = Report(benchmark: "sweep", isQuick: report.quick, rounds: rounds, rows: [Row]())
    if ss == nil { result.missing = [MissingPeer(name: "ss", reason: "not installed")] }
    for (index, count) in sockets.enumerated() {
      let holders = try HeldSockets(count)
      var sweeps = Sweeps(ss: ss)
      for _ in 0..<rounds { try sweeps.measureRound() }
      add(sweeps, to: &result, isFirst: index == 0)
      try await addCollector(beside: sweeps.connections, to: &result)
      withExtendedLifetime(holders) {}
    }
    try result.print(asJSON: report.json, table(result.rows))
  }

  /// The first number of sockets is the one with targets.
  private func add(_ sweeps: Sweeps, to result: inout Report<Row>, isFirst: Bool) {
    let rows = sweeps.rows
    result.rows += rows
    let suffix = isFirst ? "" : " \(sweeps.connections)"
    let overC = ratio(rows[0].processorMilliseconds, to: rows[1].processorMilliseconds)
    let overSs = rows.count > 2 ? ratio(rows[0].processorMilliseconds, to: rows[2].processorMilliseconds) : nil
    result.ratios["c\(suffix)"] = overC
    result.ratios["ss\(suffix)"] = overSs
    guard isFirst else { return }
    result.targets = [
      Target("sweep of \(sweeps.connections) connections over the bare dump", atMost: 1.3, measured: overC),
      Target("… over ss -tin", atMost: 0.2, measured: overSs),
    ]
  }

  private func addCollector(beside connections: Int, to result: inout Report<Row>) async throws {
    let paths: ProductPaths
    do throws(BenchmarkFailure) {
      paths = try ProductPaths(dashboard: product.deptop)
    } catch {
      if !result.missing.contains(where: { $0.name == "deptopd" }) {
        result.missing.append(MissingPeer(name: "deptopd", reason: "\(error)"))
      }
      return
    }
    let load = try await CollectorLoad(of: paths.collector, for: .seconds(report.quick ? 5 : 20))
    result.rows.append(
      Row(
        name: "deptopd, 1 s", connections: connections, processorRatio: load.processorRatio,
        residentMebibytes: Double(load.residentBytes) / 1_048_576))
  }

  private func table(_ rows: [Row]) -> TextTable {
    var table = TextTable(header: ["sweep", "connections", "CPU ms", "smallest", "largest", "cores", "RSS MiB"])
    for row in rows {
      let figures = [row.processorMilliseconds, row.smallest, row.largest].map { $0.text(digits: 2) }
      table.add(
        [row.name, "\(row.connections)"] + figures
          + [row.processorRatio.text(digits: 3), row.residentMebibytes.text(digits: 1)])
    }
    return table
  }
}
