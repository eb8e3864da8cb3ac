internal import DeptopWire

/// Follows the stream of commands, and opens it again whenever it ends.
struct CommandLoop {
  /// Without a byte for so long the collector is taken for gone: it sends a heartbeat more often than that.
  static let silence = Duration.seconds(60)
  /// A stream that lived for so long ends the back-off.
  private static let proven = Duration.seconds(5)
  /// The most bytes that are read in each ``window``: more is not what a collector sends.
  static let bytesInWindow = 262_144
  private static let window = Duration.seconds(10)

  let engine: ReportingEngine
  let desk: CommandDesk

  init(engine: ReportingEngine) {
    self.engine = engine
    desk = CommandDesk(engine: engine)
  }

  func run() {
    var backOff = BackOff()
    while !engine.stop.isSet {
      let proven = MonotonicClock.deadline(in: CommandLoop.proven)
      do throws(ReportingProblem) {
        try follow()
      } catch {
        engine.note(error)
      }
      desk.streamEnded()
      if MonotonicClock.nanoseconds() >= proven { backOff.reset() }
      engine.stop.wait(for: backOff.afterFailure())
    }
  }

  private func follow() throws(ReportingProblem) {
    let target = API.agents + "/" + PercentEncoding.encode(engine.identifier) + "/commands"
    let stream = try CollectorStream(path: engine.collector.path, stop: engine.stop)
    let deadline = MonotonicClock.deadline(in: engine.configuration.exchangeTimeout)
    var (head, bytes) = try engine.collector.open(stream, .get, target, body: [], deadline: deadline)
    guard head.status == 200 else {
      let body = try engine.collector.wholeBody(of: head, bytes, on: stream, deadline: deadline)
      throw HTTPAnswer(status: head.status, body: body).problem(doing: "the commands of \(target)")
    }
    var reader = BodyReader(head.framing)
    var splitter = LineSplitter()
    var allowance = Allowance(bytes: CommandLoop.bytesInWindow, window: CommandLoop.window)
    while true {
      try allowance.take(bytes.count)
      for line in try splitter.lines(in: try reader.data(in: bytes)) { desk.take(try CommandLine(line)) }
      if reader.isComplete { return }
      bytes = try stream.read(deadline: MonotonicClock.deadline(in: CommandLoop.silence))
      if bytes.isEmpty { return try reader.end() }
    }
  }
}

/// How many bytes may come in each stretch of time.
struct Allowance: Sendable {
  let bytes: Int
  let window: Duration
  private var taken = 0
  private var ends: UInt64 = 0

  init(bytes: Int, window: Duration) {
    self.bytes = bytes
    self.window = window
  }

  /// Takes some.
  ///
  /// - Throws: ``ReportingProblem/Kind/malformedAnswer`` when it is more than allowed.
  mutating func take(_ count: Int, at now: UInt64 = MonotonicClock.nanoseconds()) throws(ReportingProblem) {
    if now >= ends { (taken, ends) = (0, now &+ window.wholeNanoseconds) }
    taken += count
    guard taken <= bytes else { throw .malformed("more than \(bytes) bytes of commands came within \(window)") }
  }
}
