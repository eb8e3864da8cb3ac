import DeptopConfiguration
import DeptopModel
import DeptopSources
import DeptopTestSupport
import Testing

@testable import DeptopCollector

struct SuspicionProbeTests {
  private func dead(_ port: UInt16, to remote: SocketAddress, _ namespace: NamespaceID = .own) -> ObservedConnection {
    var seen = connection(local(port), to: remote) { $0.sendMSS = 1448 }
    seen.sample.namespace = namespace
    seen.signals = SocketSignals(.dead, lasting: .seconds(2), idleBefore: .seconds(31), meanRetransmit: 100)
    return seen
  }

  private func snapshot(of store: Store, at now: WallTime) -> Snapshot {
    var maker = SnapshotMaker()
    return maker.snapshot(
      of: store.knowledge, at: now,
      in: SnapshotMaker.Frame(
        host: Host(name: "web-17", environment: nil, isProduction: false),
        collector: CollectorStatus(
          version: "0", pid: 1, startedAt: now, tickInterval: .seconds(1), cpuRatio: 0, residentBytes: 0, lag: .zero,
          tickDuration: nil, notice: nil),
        actions: [])
    ) { _, _ in [] }
  }

  @Test func `where connections died is connected to at once, and not again for a while`() async throws {
    let listener = try LoopbackListener()
    let store = Store(settings: Settings(), remembered: [:])
    store.record([.connections([dead(1, to: listener.address)])], from: "kernel")
    let probe = SuspicionProbe(store: store, surroundings: HostSurroundings())
    let now = WallTime.now()
    await probe.look(at: snapshot(of: store, at: now))
    await probe.look(at: snapshot(of: store, at: now + .seconds(1)))
    let id = DependencyID(rawValue: listener.address.description)
    #expect(store.detail(of: id)?.dependency.connect?.addresses.map(\.attempts) == [1])
    await probe.look(at: snapshot(of: store, at: now + .seconds(4)))
    let looked = try #require(store.detail(of: id)?.dependency.connect?.addresses.first)
    #expect(looked.attempts == 2 && looked.failures == 0 && looked.address == listener.address.address)
  }

  @Test func `it looks less and less often while connections stay dead`() async throws {
    let listener = try LoopbackListener()
    let store = Store(settings: Settings(), remembered: [:])
    store.record([.connections([dead(1, to: listener.address)])], from: "kernel")
    let probe = SuspicionProbe(store: store, surroundings: HostSurroundings())
    let now = WallTime.now()
    for second in 0..<40 { await probe.look(at: snapshot(of: store, at: now + .seconds(second))) }
    let id = DependencyID(rawValue: listener.address.description)
    // At 0, 3, 9 and 21 s; then every 30 s.
    #expect(store.detail(of: id)?.dependency.connect?.addresses.map(\.attempts) == [4])
  }

  @Test func `what is configured not to be probed is not connected to`() async throws {
    let listener = try LoopbackListener()
    var orders = DependencySettings(name: "orders", host: "127.0.0.1", port: listener.address.port)
    orders.isProbed = false
    var settings = Settings()
    settings.dependencies = [orders]
    let store = Store(settings: settings, remembered: [:])
    store.record([.connections([dead(1, to: listener.address)])], from: "kernel")
    await SuspicionProbe(store: store, surroundings: HostSurroundings()).look(at: snapshot(of: store, at: .now()))
    #expect(store.knowledge.connects.isEmpty)
  }

  @Test func `what is well is left alone, and what nobody may reach too`() async throws {
    let store = Store(settings: Settings(), remembered: [:])
    store.record(
      [.connections([connection(local(1), to: end("A")), dead(2, to: end("B"), NamespaceID(7))])], from: "kernel")
    let probe = SuspicionProbe(store: store, surroundings: HostSurroundings())
    await probe.look(at: snapshot(of: store, at: .now()))
    #expect(store.knowledge.connects.isEmpty)
  }

  @Test func `each namespace connects to where its own connections died`() throws {
    let pod = NamespaceID(7)
    let connections = [dead(1, to: end("B"), pod), dead(2, to: end("A"), pod), dead(3, to: end("A"))]
    let store = Store(settings: settings("orders@10.0.0.1"), remembered: [:])
    store.record([.connections(connections + [connection(local(4), to: end("A"))])], from: "kernel")
    let detail = try #require(store.detail(of: "orders"))
    let targets = SuspicionProbe.targets(in: detail)
    #expect(targets.map(\.namespace) == [.own, pod])
    #expect(targets.map(\.addresses) == [[end("A")], [end("A")]])
  }

  @Test(arguments: [(1448, true), (1304, true), (1200, false)])
  func `whole segments sent again ask for a check of the path`(size: Int, isSuspect: Bool) {
    var seen = dead(1, to: end("A"))
    seen.signals.meanRetransmit = size
    let store = Store(settings: settings("orders@10.0.0.1"), remembered: [:])
    store.record([.connections([seen])], from: "kernel")
    let suspected = SuspicionProbe.suspectedBlackHoles(in: snapshot(of: store, at: .now()))
    #expect(suspected == (isSuspect ? ["orders"] : []))
  }
}
