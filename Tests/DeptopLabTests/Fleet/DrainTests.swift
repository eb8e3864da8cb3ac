internal import Synchronization
internal import Testing

@testable internal import DeptopClient
@testable internal import DeptopLab

@Suite struct DrainTests {
  private func command(
    _ scope: CommandScope = .all, connections: [CommandTarget]? = nil
  ) -> OperatorCommand {
    OperatorCommand(
      number: 1, verb: .drain, scope: scope, connections: connections, breaker: nil, timeout: .seconds(30), reason: nil)
  }

  private let progress = CommandProgress { _, _, _ in }

  private func targets(_ bench: StationBench, _ count: Int, isActive: Bool? = nil) -> [CommandTarget] {
    let held = bench.pool.gauges.connections?.filter { isActive == nil || $0.isActive == isActive } ?? []
    return held.prefix(count).map { CommandTarget(localAddress: $0.localAddress, localPort: $0.localPort) }
  }

  private func ports(_ bench: StationBench) -> Set<UInt16> {
    Set(bench.pool.gauges.connections?.map(\.localPort) ?? [])
  }

  /// A bench whose pool holds idle connections.
  private func bench(
    _ upstream: ScriptedUpstream, idle: Int, _ change: (inout CallSpec) -> Void = { _ in }
  ) async throws -> StationBench {
    let bench = try StationBench(port: upstream.port) {
      $0.pool.max = 10
      change(&$0)
    }
    var taken: [LabConnection] = []
    for _ in 0..<idle { taken.append(try await bench.pool.acquire(until: nil)) }
    for connection in taken { bench.pool.giveBack(connection, isGood: true) }
    #expect(await eventually { upstream.open == idle })
    return bench
  }

  @Test func `exactly the named connections are replaced, and the pool keeps its size`() async throws {
    let upstream = try await ScriptedUpstream.start()
    let bench = try await bench(upstream, idle: 6)
    let before = ports(bench)
    let named = targets(bench, 2)
    let end = await bench.station.drain(command(connections: named), progress)
    #expect(end == .done("2 connections were replaced"))
    let after = ports(bench)
    #expect(before.subtracting(after) == Set(named.map(\.localPort)))
    #expect(after.count == 6 && bench.pool.gauges.idle == 6)
    #expect(await eventually { upstream.accepted == 8 })
  }

  @Test func `one in use is closed when it is given back, and its request succeeds`() async throws {
    let upstream = try await ScriptedUpstream.start()
    let bench = try await bench(upstream, idle: 2)
    upstream.behave(.holds)
    async let line = bench.call()
    #expect(await eventually { upstream.ids.count == 1 })
    let named = targets(bench, 1, isActive: true)
    let told = Mutex<[Int?]>([])
    let progress = CommandProgress { _, inUse, _ in told.withLock { $0.append(inUse) } }
    async let end = bench.station.drain(command(connections: named), progress)
    #expect(await eventually { told.withLock { $0.contains(1) } })
    #expect(upstream.open == 2)
    upstream.release()
    #expect(await line?.end == .success)
    #expect(await end == .done("1 connections were replaced"))
    #expect(named.allSatisfy { !ports(bench).contains($0.localPort) })
  }

  @Test func `no request fails under load, and half of the pool stays ready`() async throws {
    let upstream = try await ScriptedUpstream.start()
    let bench = try await bench(upstream, idle: 10)
    let before = ports(bench)
    let watched = Watched()
    async let load: Void = {
      var number = 1
      while !watched.isOver.load(ordering: .relaxed) {
        await bench.calls(4, from: number)
        number += 4
        try? await Task.sleep(nanoseconds: 200_000)
      }
    }()
    async let watch: Void = {
      while !watched.isOver.load(ordering: .relaxed) {
        let gauges = bench.pool.gauges
        watched.fewest.min((gauges.idle ?? 0) + (gauges.active ?? 0), ordering: .relaxed)
        // Between two looks; without it the looking itself would keep the others from running.
        try? await Task.sleep(nanoseconds: 200_000)
      }
    }()
    let end = await bench.station.drain(command(), progress)
    watched.isOver.store(true, ordering: .relaxed)
    _ = await (load, watch)
    #expect(end == .done("10 connections were replaced"))
    #expect(ports(bench).isDisjoint(with: before))
    #expect(!bench.requests.isEmpty && bench.requests.allSatisfy { $0.end == .success })
    #expect(bench.attempts.allSatisfy { $0.outcome == "ok" })
    #expect(watched.fewest.load(ordering: .relaxed) >= 5)
  }

  @Test func `one that was never given back is closed as leaked, and it is said`() async throws {
    let upstream = try await ScriptedUpstream.start()
    let bench = try await bench(upstream, idle: 0) { $0.pool.leaks = 1 }
    _ = await bench.call()
    bench.change { $0.limits.deadline = 0.05 }
    #expect(bench.pool.gauges.active == 1)
    let end = await bench.station.drain(command(connections: targets(bench, 1)), progress)
    #expect(end == .done("1 connections were replaced, 1 of them leaked: closed while they were held"))
    #expect(bench.pool.gauges.active == 0 && bench.pool.gauges.idle == 1)
  }

  @Test func `a replacement that fails ends it, with the reason and the rest still there`() async throws {
    let upstream = try await ScriptedUpstream.start()
    let bench = try await bench(upstream, idle: 10)
    try await upstream.stop()
    let end = await bench.station.drain(command(), progress)
    #expect(end == .failed("a replacement cannot be opened: Connection refused; 2 of 10 were closed"))
    #expect(bench.pool.gauges.idle == 8)
  }

  @Test func `what is cancelled closes nothing more`() async throws {
    let upstream = try await ScriptedUpstream.start()
    let bench = try await bench(upstream, idle: 1)
    upstream.behave(.holds)
    async let line = bench.call()
    #expect(await eventually { upstream.ids.count == 1 })
    let used = ports(bench)
    let progress = CommandProgress { _, _, _ in }
    async let end = bench.station.drain(command(connections: targets(bench, 1)), progress)
    #expect(await eventually { bench.pool.look { $0.entries.values.contains(where: \.isRetired) } })
    progress.cancel()
    #expect(await end == .failed("stopped: 0 of 1 connections were replaced"))
    upstream.release()
    #expect(await line?.end == .success)
    #expect(ports(bench) == used && bench.pool.gauges.idle == 1)
  }

  @Test func `a cancelled drain begins nothing`() async throws {
    let upstream = try await ScriptedUpstream.start()
    let bench = try await bench(upstream, idle: 3)
    let progress = CommandProgress { _, _, _ in }
    progress.cancel()
    #expect(await bench.station.drain(command(), progress) == .failed("stopped: 0 of 3 connections were replaced"))
    #expect(upstream.accepted == 3 && bench.pool.gauges.idle == 3)
  }

  @Test func `stale ones are those that the name no longer has`() async throws {
    let old = try await ScriptedUpstream.start(at: "127.0.0.1")
    let new = try await ScriptedUpstream.start(at: "127.0.0.2", port: Int(old.port))
    let names = try await ScriptedNames.start(["127.0.0.1"])
    let bench = try StationBench(port: old.port, host: "orders-db.lab", resolver: names.port) { $0.names = .forever }
    _ = await bench.call("orders-1")
    names.answer(["127.0.0.2"])
    _ = await bench.call("orders-2")
    #expect(old.ids.count == 2 && new.accepted == 0)
    #expect(await bench.station.drain(command(.stale), progress) == .done("1 connections were replaced"))
    #expect(bench.pool.gauges.connections?.map(\.remoteAddress) == ["127.0.0.2"])
    #expect(await bench.station.drain(command(.stale), progress) == .done("no connection is meant"))
    #expect(await bench.call("orders-3")?.end == .success && new.ids == ["orders-3.1"])
  }
}

/// What is seen of a pool while it is drained.
private final class Watched: Sendable {
  let isOver = Atomic<Bool>(false)
  /// The fewest connections that it had at a time.
  let fewest = Atomic<Int>(10)
}
