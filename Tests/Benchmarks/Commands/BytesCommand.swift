internal import ArgumentParser
internal import DeptopBenchmarkFigures
internal import DeptopTestSupport

/// What a screen costs while nobody touches it.
struct BytesCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bytes", abstract: "Bytes, processor time and wake-ups of a screen in its steady state, and memory.",
    discussion: """
      A frame is what is written between two silences of 30 ms. Its floor is the smallest number of bytes that \
      repaints the changed cells by cursor moves, colours and text. deptop is measured while all of 1,000 dependencies \
      change each second, while 50 of them do, and while only its clock moves. Ratios are of bytes over floor while \
      all change.
      """)

  @OptionGroup var report: ReportOptions
  @OptionGroup var product: ProductOptions

  /// What one program's steady state came to; per round, then the median.
  struct Row: Encodable, Sendable {
    var name: String
    var frames: Int
    var bytesPerFrame: Double?
    var changedCellsPerFrame: Double?
    /// All bytes over all floors.
    var bytesOverFloor: Double?
    var bytesPerSecond: Double?
    var processorMillisecondsPerFrame: Double?
    /// Voluntary context switches of all threads.
    var wakeUpsPerSecond: Double?
    var proportionalMebibytes: Double?
  }

  func run() async throws {
    let stage = try Stage(product, home: TemporaryDirectory())
    let feeds = try [1000, 50, 0].map { try stage.feed(changing: $0) }
    let names = ["deptop, 1,000 change", "deptop, 50 change", "deptop, clock only"]
    let peers = await Peers(home: stage.home, includesDatabase: true)
    let programs = zip(feeds, names).map { stage.dashboard(at: $0, $1) } + peers.programs
    let rounds = report.quick ? 1 : 3
    let states = try measure(programs, rounds: rounds)
    let rows = programs.map { BytesCommand.row($0.name, states[$0.name] ?? []) }
    var result = Report(
      benchmark: "bytes", isQuick: report.quick, rounds: rounds, rows: rows, missing: peers.missing)
    for row in rows.dropFirst(names.count) {
      result.ratios[row.name] = ratio(rows[0].bytesOverFloor, to: row.bytesOverFloor)
    }
    result.targets = BytesCommand.targets(updating: rows[0], few: rows[1], idle: rows[2])
    try result.print(asJSON: report.json, table(rows))
    withExtendedLifetime((feeds, peers)) {}
  }

  private func measure(_ programs: [Program], rounds: Int) throws -> [String: [SteadyState]] {
    var states: [String: [SteadyState]] = [:]
    for _ in 0..<rounds {
      for program in programs {
        let session = try TerminalSession(program)
        try session.pumpUntilContent()
        session.pump(until: .now + .seconds(3))
        let state = try SteadyState(of: session, during: .seconds(report.quick ? 5 : 12))
        states[program.name, default: []].append(state)
      }
    }
    return states
  }

  private static func row(_ name: String, _ states: [SteadyState]) -> Row {
    func median(_ value: (SteadyState) -> Double?) -> Double? { Percentiles(states.compactMap(value)).median }
    return Row(
      name: name, frames: states.reduce(0) { $0 + $1.frames.count },
      bytesPerFrame: median { ratio(Double($0.bytes), to: Double($0.frames.count)) },
      changedCellsPerFrame: median { ratio(Double($0.changedCells), to: Double($0.frames.count)) },
      bytesOverFloor: median { ratio(Double($0.bytes), to: Double($0.floor)) },
      bytesPerSecond: median { Double($0.bytes) / ($0.length / .seconds(1)) },
      processorMillisecondsPerFrame: median {
        ratio($0.processorTime / .milliseconds(1), to: Double($0.frames.count))
      },
      wakeUpsPerSecond: median { Double($0.wakeUps) / ($0.length / .seconds(1)) },
      proportionalMebibytes: median { Double($0.memory) / 1_048_576 })
  }

  private static func targets(updating: Row, few: Row, idle: Row) -> [Target] {
    [
      Target("bytes over floor, 1,000 change", atMost: 1, measured: updating.bytesOverFloor),
      Target("bytes over floor, 50 change", atMost: 1, measured: few.bytesOverFloor),
      Target("bytes over floor, clock only", atMost: 1, measured: idle.bytesOverFloor),
      Target("CPU ms per frame, 1,000 change", atMost: 3, measured: updating.processorMillisecondsPerFrame),
      Target("CPU ms per frame, 50 change", atMost: 3, measured: few.processorMillisecondsPerFrame),
      Target("wake-ups per second, clock only", atMost: 2, measured: idle.wakeUpsPerSecond),
      Target("PSS MiB", atMost: 15, measured: updating.proportionalMebibytes),
    ]
  }

  private func table(_ rows: [Row]) -> TextTable {
    var table = TextTable(header: [
      "program", "frames", "bytes/frame", "cells/frame", "bytes/floor", "bytes/s", "CPU ms/frame", "wake-ups/s",
      "PSS MiB",
    ])
    for row in rows {
      table.add([
        row.name, "\(row.frames)", row.bytesPerFrame.text(digits: 0), row.changedCellsPerFrame.text(digits: 0),
        row.bytesOverFloor.text(digits: 2), row.bytesPerSecond.text(digits: 0),
        row.processorMillisecondsPerFrame.text(digits: 2), row.wakeUpsPerSecond.text(digits: 1),
        row.proportionalMebibytes.text(digits: 1),
      ])
    }
    return table
  }
}

/// What a program wrote and used over a time in which nobody touched it.
private struct SteadyState {
  let frames: [Frame]
  let length: Duration
  let processorTime: Duration
  let wakeUps: Int
  /// The proportional share at the end, bytes.
  let memory: Int

  init(of session: TerminalSession, during length: Duration) throws {
    let before = try ProcessFigures(of: session.pid)
    let start = ContinuousClock.now
    session.pump(until: start + length)
    let after = try ProcessFigures(of: session.pid)
    self.length = .now - start
    memory = try ProcessFigures.proportionalBytes(of: session.pid)
    processorTime = after.processorTime - before.processorTime
    wakeUps = after.voluntarySwitches - before.voluntarySwitches
    frames = session.frames(since: start)
  }

  var bytes: Int { frames.reduce(0) { $0 + $1.bytes } }
  var floor: Int { frames.reduce(0) { $0 + $1.floor.bytes } }
  var changedCells: Int { frames.reduce(0) { $0 + $1.floor.changedCells } }
}
