import DeptopModel
import DeptopScreen
import DeptopTestSupport
import Testing

@Suite(.serialized, .servers("curl", nameServer: false), .timeLimit(.minutes(2)))
struct ResizeTests {
  private let sizes = [(300, 100), (80, 24), (40, 10), (1, 1), (40, 10), (300, 100), (2, 3), (80, 24)]

  @Test func `every size from 300×100 to 1×1 and back shows what a fresh painting shows`() async throws {
    let daemon = try await DaemonUnderTest.start(
      """
      environment: {label: lab}
      dependencies: [{name: orders-db, endpoint: "127.0.0.1:9"}, {name: cache, endpoint: "127.0.0.1:10"}]
      """)
    let dashboard = try DashboardUnderTest(of: daemon)
    try dashboard.wait(for: "orders-db")
    for (columns, rows) in sizes {
      let size = Size(columns: columns, rows: rows)
      dashboard.terminal.resize(to: size)
      try dashboard.wait("the screen of \(columns)×\(rows) is drawn") { emulator in
        columns < 40 ? emulator.cells.contains { $0.text != " " } : emulator.screen[0].contains("lab")
      }
      try dashboard.checkAgainstFreshPainting()
      #expect(dashboard.terminal.ending == nil)
    }
    try dashboard.wait(for: "orders-db")
    #expect(try dashboard.quit() == .exited(0))
    #expect(dashboard.hasRestoredTerminal)
  }

  @Test func `sizes that follow one another at once end in the last one`() async throws {
    let daemon = try await DaemonUnderTest.start()
    let dashboard = try DashboardUnderTest(of: daemon)
    try dashboard.wait(for: "LIVE")
    for step in 0..<200 {
      dashboard.terminal.resize(to: Size(columns: 1 + step * 7 % 200, rows: 1 + step * 3 % 60))
      dashboard.press(["j", "?", "\u{1b}", "2", "3", "1"][step % 6])
    }
    dashboard.terminal.resize(to: Size(columns: 100, rows: 30))
    dashboard.press("\u{1b}")
    try dashboard.press("1", untilItShows: "LIVE")
    try dashboard.wait("the header reaches the right edge") { $0.screen[0].count == 99 }
    try dashboard.checkAgainstFreshPainting()
    #expect(dashboard.terminal.emulator.unknown.isEmpty)
  }
}

extension DashboardUnderTest {
  /// Has everything painted again, and compares; again when the clock moved in between.
  fileprivate func checkAgainstFreshPainting() throws {
    var screens: [[Cell]] = []
    for _ in 0..<20 {
      terminal.settle()
      let before = terminal.emulator
      press("\u{c}")
      try wait("everything is painted again") { $0.clearCount > before.clearCount }
      terminal.settle()
      screens = [before.cells, terminal.emulator.cells]
      if before.cells == terminal.emulator.cells { return }
    }
    throw TestFailure("the screen was not what a fresh painting is: \(screens)")
  }
}
