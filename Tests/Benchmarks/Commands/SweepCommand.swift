internal import ArgumentParser
internal import CBenchmarks
internal import DeptopBenchmarkFigures
internal import DeptopKernel
internal import DeptopTestSupport
internal import Glibc

/// What one look at the kernel's socket table costs.
struct SweepCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sweep", abstract: "Processor time of one kernel sweep, beside a bare dump in C and `ss -tin`.",
    discussion: """
      deptop's sweep reads every socket with its tcp_info and counts connections by dependency. The bare dump reads \
      the same and counts sockets, nothing else. Of ss, its whole process counts, its output goes to a pipe.
      """)

  @OptionGroup var report: ReportOptions

  @Option(help: "How many sockets are held on loopback.")
  var sockets = 10_000

  /// What one kind of sweep came to, milliseconds of processor time.
  struct Row: Encodable, Sendable {
    var name: String
    var processorMilliseconds: Double?
    var smallest: Double?
    var largest: Double?
  }

  func run() throws {
    let holder = try Companion([
      BuiltProgram.path("deptop-bench"), "hold", "--sockets", "\(sockets)", "--ports", "100",
    ])
    try holder.waitUntilReady()
    let ss = DeptopTestSupport.Program.path(of: "ss")
    let rounds = report.quick ? 7 : 31
    var sweeps = Sweeps(ss: ss)
    for _ in 0..<rounds { try sweeps.measureRound() }
    let rows = sweeps.rows
    var result = Report(benchmark: "sweep", isQuick: report.quick, rounds: rounds, rows: rows)
    if ss == nil { result.missing = [MissingPeer(name: "ss", reason: "not installed")] }
    result.ratios["c"] = ratio(rows[0].processorMilliseconds, to: rows[1].processorMilliseconds)
    if ss != nil { result.ratios["ss"] = ratio(rows[0].processorMilliseconds, to: rows[2].processorMilliseconds) }
    result.targets = [
      Target(
        "sweep of \(sweeps.connections) connections over the bare dump", atMost: 1.3, measured: result.ratios["c"]),
      Target("… over ss -tin", atMost: 0.2, measured: result.ratios["ss"]),
    ]
    try result.print(asJSON: report.json, table(rows))
    withExtendedLifetime(holder) {}
  }

  private func table(_ rows: [Row]) -> TextTable {
    var table = TextTable(header: ["sweep", "CPU ms", "smallest", "largest"])
    for row in rows {
      table.add([row.name] + [row.processorMilliseconds, row.smallest, row.largest].map { $0.text(digits: 2) })
    }
    return table
  }
}

/// Sweeps of all kinds, in turn.
private struct Sweeps {
  /// The size of the receive buffer: the kernel fills at most 32 KiB into one datagram.
  private static let bufferBytes = 32 << 10

  private(set) var connections = 0
  private let ss: String?
  private var probe = SweepProbe()
  private var buffer = [UInt8](repeating: 0, count: Sweeps.bufferBytes)
  private var own: [Double] = []
  private var bare: [Double] = []
  private var whole: [Double] = []

  /// - Parameter ss: The path of ss; nil when it is not installed.
  init(ss: String?) {
    self.ss = ss
  }

  /// The first round warms everything up and does not count.
  mutating func measureRound() throws {
    let isFirst = connections == 0
    let measured = try probe.measureSweep(timeout: .seconds(10))
    connections = measured.connections
    let dumped = try measureDump()
    let listed = try ss.map { try measure(ss: $0) }
    guard !isFirst else { return }
    own.append(measured.processorTime / .milliseconds(1))
    bare.append(dumped / .milliseconds(1))
    if let listed { whole.append(listed / .milliseconds(1)) }
  }

  var rows: [SweepCommand.Row] {
    let kinds = [("deptop", own), ("bare dump in C", bare)] + (ss == nil ? [] : [("ss -tin", whole)])
    return kinds.map { name, values in
      let figures = Percentiles(values)
      return SweepCommand.Row(
        name: name, processorMilliseconds: figures.median, smallest: figures.smallest, largest: figures.largest)
    }
  }

  private mutating func measureDump() throws(BenchmarkFailure) -> Duration {
    var dump = cbench_dump()
    let start = processorTime()
    let status = unsafe cbench_dump_tcp(&buffer, buffer.count, &dump)
    let used = processorTime() - start
    guard status == 0 else { throw BenchmarkFailure("dump the socket table", code: -status) }
    return used
  }

  private func measure(ss path: String) throws(BenchmarkFailure) -> Duration {
    var output = try Pipe()
    let launch = Launch(
      arguments: [path, "-tin"], environment: ["LC_ALL": "C"],
      standardStreams: .descriptors(input: STDIN_FILENO, output: output.writingEnd, errorPath: nil))
    let pid = try launch.start()
    output.closeWritingEnd()
    var text = [UInt8](repeating: 0, count: 1 << 16)
    while unsafe read(output.readingEnd, &text, text.count) > 0 {}
    var microseconds: Int64 = 0
    var exit: Int32 = 0
    let status = unsafe cbench_wait(pid, &microseconds, &exit)
    guard status == 0, exit == 0 else { throw BenchmarkFailure("\(path) ended with \(exit)") }
    return .microseconds(microseconds)
  }
}
