import DeptopModel
import Testing

@testable import DeptopCollector

struct RowTests {
  private func dependency(_ breakers: [BreakerReading], _ pools: [PoolReading] = []) -> Dependency {
    var dependency = Dependency(id: "orders", kind: nil, host: nil, port: 0, origin: .reported)
    dependency.breakers = breakers.map { Reading($0, source: "agent/a", observedAt: at(1)) }
    dependency.pools = pools.map { Reading($0, source: "agent/a", observedAt: at(1)) }
    return dependency
  }

  @Test func `quiet breakers are one in a row, and nothing is lost of how many there are`() {
    let open = BreakerReading(client: "x", state: .open)
    let quiet = ["a", "b", "c"].map { BreakerReading(client: $0, state: .closed) }
    let row = dependency([open] + quiet).row
    #expect(row.breakers.map(\.value.state) == [.open, .closed])
    #expect(row.breakers.map { $0.value.standsFor ?? 1 } == [1, 3])
  }

  @Test func `a breaker that changed is not quiet`() {
    let changed = BreakerReading(
      client: "x", state: .closed, transitions: [BreakerTransition(at: at(1), from: .open, to: .closed)])
    let row = dependency([changed, BreakerReading(client: "a", state: .closed)]).row
    #expect(row.breakers.count == 2 && row.breakers.allSatisfy { $0.value.standsFor == nil })
  }

  @Test func `pools are added up, and a count that one of them lacks is not known`() {
    let row = dependency(
      [],
      [
        PoolReading(client: "a", active: 3, idle: 2, pending: 1, max: 5),
        PoolReading(client: "b", active: 4, idle: nil, pending: nil, max: 5),
      ]
    ).row
    let pool = row.pools.first?.value
    #expect(row.pools.count == 1 && pool?.active == 7 && pool?.max == 10)
    #expect(pool?.idle == nil && pool?.pending == nil)
  }
}
