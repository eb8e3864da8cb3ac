import DeptopDashboard
import DeptopModel
import DeptopScreen
import DeptopThemes
import Testing

@Suite("Speed")
struct SpeedTests {
  @Test("a frame of 1,000 dependencies costs what is visible, not what there is")
  func frames() throws {
    let large = try cost(of: Bench(Fixture.largeHost(), columns: 160, rows: 48))
    #expect(large < .milliseconds(isOptimized ? 3 : 200))
  }

  @Test("nor do calls and breakers of all of them", arguments: [80, 160, 240])
  func framesWithCalls(_ columns: Int) throws {
    let large = try cost(of: Bench(Fixture.largeCalledHost, columns: columns, rows: 48))
    #expect(large < .milliseconds(isOptimized ? 3 : 200))
  }

  @Test("nor does the page of one dependency")
  func pages() throws {
    var bench = Bench(Fixture.calledHost, columns: 160, rows: 48)
    bench.press(.enter)
    bench.send(.detailReceived(Fixture.exhaustedDetail))
    #expect(try cost(of: bench) < .milliseconds(isOptimized ? 3 : 200))
  }

  @Test("nor do thousands of connections, or the clients of a thousand dependencies")
  func lists() throws {
    var detail = Fixture.stuckDetail
    detail.connections += (100..<5000).map { Fixture.connection($0, .idle, idle: 5) }
    var bench = Bench(Fixture.socketHost, columns: 160, rows: 48)
    bench.press(.enter)
    bench.send(.detailReceived(detail))
    let connections = try cost(of: bench)
    #expect(connections < .milliseconds(isOptimized ? 3 : 200), "\(connections)")
    bench = Bench(Fixture.largeHost(), columns: 160, rows: 48)
    bench.press(.character("6"))
    #expect(try cost(of: bench) < .milliseconds(isOptimized ? 3 : 200))
  }

  private func cost(of bench: Bench) throws -> Duration {
    let clock = ContinuousClock()
    // A theme is read when it is chosen, not for each frame.
    let inks = try Theme.named("dark").inks(at: .mono)
    return (0..<5).map { _ in
      clock.measure { _ = Dashboard.draw(bench.snapshot, state: bench.state, inks: inks, now: bench.now) }
    }.min() ?? .zero
  }

  private var isOptimized: Bool {
    var result = true
    assert(
      {
        result = false; return true
      }())
    return result
  }
}
