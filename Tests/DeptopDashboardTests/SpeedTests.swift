import DeptopDashboard
import DeptopModel
import DeptopScreen
import Testing

@Suite("Speed")
struct SpeedTests {
  @Test("a frame of 1,000 dependencies costs what is visible, not what there is")
  func frames() throws {
    let large = try cost(of: Bench(Fixture.largeHost(), columns: 160, rows: 48))
    #expect(large < .milliseconds(isOptimized ? 3 : 200))
  }

  private func cost(of bench: Bench) throws -> Duration {
    let clock = ContinuousClock()
    _ = try bench.canvas()
    return try (0..<5).map { _ in try clock.measure { _ = try bench.canvas() } }.min() ?? .zero
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
