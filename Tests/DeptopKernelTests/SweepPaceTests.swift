import DeptopKernel
import Testing

@Suite("Sweep pace")
struct SweepPaceTests {
  private let large = SweepPace.smallTable + 1

  @Test func `the first sweep is whole`() {
    #expect(SweepPace(watching: [5432]).filter(afterWholeSweepOf: 0, age: nil) == nil)
  }

  @Test func `a small table is always read whole`() {
    let pace = SweepPace(watching: [5432])
    #expect(pace.filter(afterWholeSweepOf: SweepPace.smallTable, age: .seconds(1)) == nil)
  }

  @Test func `a large table is read whole seldom, and its watched ports in between`() throws {
    let pace = SweepPace(watching: [5432, 6379])
    let filter = try #require(pace.filter(afterWholeSweepOf: large, age: .seconds(1)))
    #expect(filter.side == .remote)
    #expect(filter.ports == [0, 5432, 6379])
    #expect(pace.filter(afterWholeSweepOf: large, age: SweepPace.wholeInterval) == nil)
  }

  @Test func `without ports to watch every sweep is whole`() {
    #expect(SweepPace(watching: []).filter(afterWholeSweepOf: large, age: .seconds(1)) == nil)
  }

  @Test func `with too many ports to filter for every sweep is whole`() {
    let pace = SweepPace(watching: Array(1...UInt16(SocketFilter.maximumPorts)))
    #expect(pace.filter(afterWholeSweepOf: large, age: .seconds(1)) == nil)
  }
}
