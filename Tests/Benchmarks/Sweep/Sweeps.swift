internal import CBenchmarks
internal import DeptopBenchmarkFigures
internal import DeptopKernel
internal import Glibc

/// Sweeps of all kinds, in turn.
struct Sweeps {
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
        name: name, connections: connections, processorMilliseconds: figures.median, smallest: figures.smallest,
        largest: figures.largest)
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
