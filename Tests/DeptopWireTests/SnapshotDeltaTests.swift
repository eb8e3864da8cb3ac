import DeptopModel
import DeptopWire
import Testing

struct SnapshotDeltaTests {
  private func snapshot(_ sequence: UInt64, _ dependencies: [(String, Level)]) -> Snapshot {
    Snapshot(
      sequence: sequence, takenAt: .init(secondsSinceEpoch: Double(sequence)),
      host: Host(name: "web-17", environment: "PROD", isProduction: true),
      collector: CollectorStatus(
        version: "1", pid: 1, startedAt: .init(secondsSinceEpoch: 0), tickInterval: .seconds(1),
        cpuRatio: Double(sequence), residentBytes: 1, lag: .zero, notice: nil),
      dependencies: dependencies.sorted { $0.0 < $1.0 }.map { name, level in
        var made = Dependency(id: DependencyID(rawValue: name), kind: nil, host: nil, port: 1, origin: .discovered)
        made.level = level
        return made
      })
  }

  @Test func `applying the difference gives the newer snapshot, for random snapshots`() throws {
    for round in 0..<200 {
      var generator = SystemRandomNumberGenerator()
      let names = (0..<12).map { "d\($0)" }
      let random = { (sequence: UInt64) in
        snapshot(
          sequence,
          names.filter { _ in Bool.random(using: &generator) }.map { name in
            (name, Level.allCases.randomElement(using: &generator) ?? .ok)
          })
      }
      let (old, new) = (random(1), random(2))
      let delta = SnapshotDelta(from: old, to: new)
      #expect(old.applying(delta) == new, "round \(round)")
    }
  }

  @Test func `what did not change is not sent`() {
    let delta = SnapshotDelta(
      from: snapshot(1, [("a", .ok), ("b", .ok)]), to: snapshot(2, [("a", .ok), ("b", .critical)]))
    #expect(delta.upserted.map(\.id) == ["b"])
    #expect(delta.findings == nil && delta.sources == nil && delta.actions == nil && delta.host == nil)
  }

  @Test func `a delta from another snapshot is not applied`() {
    let delta = SnapshotDelta(from: snapshot(5, []), to: snapshot(6, []))
    #expect(snapshot(4, []).applying(delta) == nil)
  }

  @Test func `lines survive the wire`() throws {
    let coding = WireCoding()
    let full = StreamLine.full(snapshot(7, [("a", .warning)]))
    #expect(try coding.decode(StreamLine.self, from: coding.encodeLine(full)) == full)
    let delta = StreamLine.delta(SnapshotDelta(from: snapshot(7, [("a", .ok)]), to: snapshot(8, [("b", .ok)])))
    #expect(try coding.decode(StreamLine.self, from: coding.encodeLine(delta)) == delta)
  }
}
