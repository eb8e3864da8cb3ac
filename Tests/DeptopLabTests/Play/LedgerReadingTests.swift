import DeptopTestSupport
import Testing

@testable import DeptopLab

@Suite struct LedgerReadingTests {
  private let place: TemporaryDirectory
  private var reading: LedgerReading
  /// Two services call one database.
  private let writers: [LedgerWriter]

  init() throws {
    let place = try TemporaryDirectory()
    let paths = ["orders", "web-2"].map { (name: $0, path: place.file("\($0).ledger")) }
    self.place = place
    reading = LedgerReading(paths: paths)
    writers = try paths.map { try LedgerWriter(path: $0.path) }
  }

  /// A request of one of the two that ended at so many milliseconds.
  private func request(_ service: Int, _ number: Int, at time: Int64, _ end: LedgerLine.End, to dependency: String) {
    writers[service].append(
      .request(
        .init(
          id: "\(["orders", "web-2"][service])-\(number)", dependency: dependency, began: 0, ended: time * 1000,
          end: end, attempts: 1, limit: "-")))
    writers[service].flush()
  }

  @Test mutating func `the share of failures is that of the named clients, dependency and time`() throws {
    for number in 1...4 { request(0, number, at: 5_000 + Int64(number), number == 1 ? .timeout : .success, to: "db") }
    for number in 5...8 { request(0, number, at: 5_000, .timeout, to: "cache") }
    for number in 1...4 { request(1, number, at: 5_000, .rejected, to: "db") }
    for number in 9...12 { request(0, number, at: 2_000, .timeout, to: "db") }
    try reading.read()
    let now: Int64 = 6_000_000
    #expect(reading.failures(of: ["orders"], to: "db", over: .seconds(2), at: now) == 0.25)
    #expect(reading.failures(of: ["orders", "web-2"], to: "db", over: .seconds(2), at: now) == 0.625)
    #expect(reading.failures(of: ["orders"], to: "db", over: .seconds(5), at: now) == 0.625)
    #expect(reading.failures(of: ["orders"], to: "cache", over: .seconds(2), at: now) == 1)
  }

  @Test mutating func `three requests say nothing about a share`() throws {
    for number in 1...3 { request(0, number, at: 5_000, .timeout, to: "db") }
    try reading.read()
    #expect(reading.failures(of: ["orders"], to: "db", over: .seconds(2), at: 6_000_000) == nil)
    request(0, 4, at: 5_000, .success, to: "db")
    try reading.read()
    #expect(reading.failures(of: ["orders"], to: "db", over: .seconds(2), at: 6_000_000) == 0.75)
    #expect(reading.failures(of: ["web-2"], to: "db", over: .seconds(2), at: 6_000_000) == nil)
  }

  @Test mutating func `the newest lines, which are not all written yet, are left out`() throws {
    for number in 1...4 { request(0, number, at: 5_000, .success, to: "db") }
    for number in 5...8 { request(0, number, at: 5_900, .timeout, to: "db") }
    try reading.read()
    #expect(reading.failures(of: ["orders"], to: "db", over: .seconds(2), at: 6_000_000) == 0)
    #expect(reading.failures(of: ["orders"], to: "db", over: .seconds(2), at: 6_300_000) == 0.5)
  }

  @Test mutating func `a line that is none ends the reading`() throws {
    try place.write("no\n", to: "orders.ledger")
    #expect(throws: LedgerProblem.self) { try reading.read() }
  }
}
