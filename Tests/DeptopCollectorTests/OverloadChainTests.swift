import DeptopConfiguration
import DeptopModel
import DeptopWire
import Testing

@testable import DeptopCollector

/// The whole way from a client's reports to findings, second by second.
struct OverloadChainTests {
  private struct Played {
    private let store = Store(settings: settings("orders-db@10.0.0.1"), remembered: [:])
    private var maker = SnapshotMaker()
    private var client = CountingClient()
    private(set) var now = 1000.0
    private(set) var snapshot: Snapshot?

    /// Reports a second and takes a snapshot.
    mutating func play(_ second: CountingClient.Second, seconds: Int) {
      for _ in 0..<seconds {
        now += 1
        let report = client.report(second)
        var status = SourceStatus(id: "agent/orders", interval: .seconds(1))
        status.state = .ok
        status.lastSuccessAt = at(now)
        store.record(
          [ClientObservation(client: ClientIdentity(name: "orders", pid: 7, uid: 0), report: report)],
          reporter: status, at: at(now))
        let frame = SnapshotMaker.Frame(
          host: Host(name: "web-17", environment: nil, isProduction: false),
          collector: CollectorStatus(
            version: "0", pid: 1, startedAt: at(0), tickInterval: .seconds(1), cpuRatio: 0, residentBytes: 0,
            lag: .zero,
            tickDuration: nil, notice: nil),
          actions: [])
        snapshot = maker.snapshot(of: store.knowledge, at: at(now), in: frame) { _, _ in
          [ActionOffer(verb: .breaker, breakerStates: [.closed, .forcedOpen])]
        }
      }
    }

    var dependency: Dependency? { snapshot?.dependencies.first { $0.id == "orders-db" } }
    var open: [RuleID] { snapshot?.findings.filter { $0.state == .open }.map(\.rule) ?? [] }
    func finding(_ rule: RuleID) -> Finding? { snapshot?.findings.first { $0.rule == rule } }
  }

  private typealias Second = CountingClient.Second
  private let slow = Second(
    succeeded: 6, answered: 8, late: 6, time: .milliseconds(900), active: 8, pending: 200)
  private let stuck = Second(succeeded: 1, answered: 40, late: 38, active: 8, pending: 640)
  private let shed = Second(requests: 30, succeeded: 0, answered: 0, active: 0, pending: 0)

  @Test func `slow, saturated, metastable, shed, healthy: each is told as what it is`() throws {
    var played = Played()
    played.play(Second(), seconds: 20)
    #expect(played.open.isEmpty && played.dependency?.level == .ok)
    #expect(played.dependency?.trend?.usual?.isYoung == true)

    played.play(slow, seconds: 15)
    #expect(played.open.first == "M13" && played.dependency?.level == .critical)
    let upstream = try #require(played.finding("M13"))
    #expect(upstream.text.hasPrefix("slow upstream: p50 9") && upstream.text.contains("× its usual"))
    #expect(upstream.prohibition?.verbs == [.drain] && upstream.actionLabel == "open / shed")

    played.play(stuck, seconds: 20)
    #expect(played.open.first == "M14" && played.dependency?.level == .critical)
    let overload = try #require(played.finding("M14"))
    #expect(overload.text.contains("; shed load for at least 20 s (640 waiting / 40 per s)"))
    #expect(!overload.text.contains("trigger unknown"))
    #expect(overload.prohibition?.reason.contains("at least 20 s") == true)
    #expect(played.finding("M13")?.state == .clearing)
    #expect(played.finding("M09")?.text.hasSuffix("the cause: metastable overload (M14)") == true)

    played.play(shed, seconds: 22)
    played.play(Second(), seconds: 80)
    #expect(played.open.isEmpty && played.dependency?.level == .ok)
    #expect(played.dependency?.trend?.episode == nil)
    #expect(played.dependency?.trend?.usual?.goodput?.rounded() == 30)
  }

  @Test func `too short a pause leaves it as it was`() {
    var played = Played()
    played.play(Second(), seconds: 20)
    played.play(slow, seconds: 15)
    played.play(stuck, seconds: 20)
    played.play(shed, seconds: 5)
    played.play(stuck, seconds: 15)
    #expect(played.open.first == "M14")
  }

  @Test func `a queue on its own, without a slow episode, has an unknown trigger`() throws {
    var played = Played()
    played.play(Second(), seconds: 20)
    played.play(stuck, seconds: 15)
    #expect(try #require(played.finding("M14")).text.hasSuffix("; trigger unknown"))
  }

  @Test func `late answers arrive in the dependency, and in the row the trend is left out`() {
    var played = Played()
    played.play(Second(), seconds: 20)
    played.play(stuck, seconds: 15)
    #expect(played.dependency?.calls?.value.wasted == 0.95)
    #expect(played.dependency?.trend != nil && played.dependency?.row.trend == nil)
  }

  @Test func `late answers of several clients are scaled to one window`() {
    var knowledge = Knowledge(settings: Settings())
    for (client, seconds) in [("a", 2.0), ("b", 4.0)] {
      let source = SourceID(rawValue: "agent/\(client)")
      knowledge.fold(report { $0.totals = CallTotals(requests: 0, late: 0) }, by: client, from: source, at: 10)
      knowledge.fold(
        report { $0.totals = CallTotals(requests: 100, late: 10) }, by: client, from: source,
        at: 10 + seconds)
    }
    #expect(knowledge.dependency("orders-db")?.calls?.value.counts.late == 30)
  }

  @Test func `a trend travels, and one that is not known is left out`() throws {
    var played = Played()
    played.play(Second(), seconds: 20)
    played.play(slow, seconds: 15)
    let dependency = try #require(played.dependency)
    let data = try WireCoding().encode(dependency)
    let decoded = try WireCoding().decode(Dependency.self, from: data)
    #expect(decoded.trend?.episode == dependency.trend?.episode && decoded.trend?.episode != nil)
    #expect(try WireCoding().encode(decoded) == data)
    var unknown = dependency
    unknown.trend = nil
    #expect(!String(decoding: try WireCoding().encode(unknown), as: UTF8.self).contains("\"trend\""))
  }
}
