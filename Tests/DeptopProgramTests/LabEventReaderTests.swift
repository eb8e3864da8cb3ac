import DeptopDashboard
import DeptopWire
import Testing
import deptop

@Suite struct LabEventReaderTests {
  private static let scene = LabScene(
    scenario: "dns-failover", title: "DNS failover", number: 3, count: 15, phase: .broken,
    caption: "orders-db moved; the pool did not notice", keys: ["D"])

  private func bytes(_ events: [LabEvent]) throws -> [UInt8] {
    try events.flatMap { Array(try WireCoding().encodeLine($0)) }
  }

  @Test(arguments: [1, 2, 7, 64, 100_000])
  func `events are the same however their bytes were cut`(_ length: Int) throws {
    let events: [LabEvent] = [
      .leftOut(scenario: "nat-silent", reason: "user namespaces are forbidden here"),
      .ready(controlSocket: "/tmp/a/control.sock", labSocket: "/tmp/a/lab.sock"), .scenario(Self.scene), .finished,
      .failed("the name server ended"),
    ]
    let all = try bytes(events)
    var reader = LabEventReader()
    var lines: [LabEventReader.Line] = []
    for start in stride(from: 0, to: all.count, by: length) {
      lines += reader.take(all[start..<min(all.count, start + length)])
    }
    #expect(lines == events.map { .event($0) })
  }

  @Test func `a line without its end is no event yet`() throws {
    var reader = LabEventReader()
    #expect(try reader.take(bytes([.finished]).dropLast()).isEmpty)
    #expect(reader.take([UInt8(ascii: "\n")]) == [.event(.finished)])
  }

  @Test func `garbage is told once for each line and does not hide the event behind it`() throws {
    var reader = LabEventReader()
    let noise = Array("hello\n\n  \n{\"no\":1}\n".utf8) + [0xFF, 0xFE, UInt8(ascii: "\n")]
    let lines = try reader.take(noise + bytes([.finished]))
    #expect(lines.count == 4)
    #expect(lines.first == .unreadable("hello"))
    #expect(lines.last == .event(.finished))
  }

  @Test func `an endless line is given up, and the next one is read again`() throws {
    var reader = LabEventReader()
    let endless = [UInt8](repeating: UInt8(ascii: "x"), count: LabEventReader.longestLine + 50)
    let lines = try reader.take(endless + endless + [UInt8(ascii: "\n")] + bytes([.scenario(Self.scene)]))
    #expect(lines.count == 2)
    #expect(lines.last == .event(.scenario(Self.scene)))
    if case .unreadable? = lines.first {} else { Issue.record("the endless line was not told") }
  }

  @Test func `each event becomes what the dashboard takes`() {
    #expect(LabEvent.ready(controlSocket: "a", labSocket: "b").input == nil)
    #expect(LabEvent.scenario(Self.scene).input == .sceneChanged(Self.scene))
    #expect(LabEvent.leftOut(scenario: "a", reason: "b").input == .scenarioLeftOut("a", reason: "b"))
    #expect(LabEvent.failed("gone").input == .labEnded(reason: "gone"))
  }
}
