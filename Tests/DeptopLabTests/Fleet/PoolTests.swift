internal import DeptopClient
internal import Testing

@testable internal import DeptopLab

@Suite struct PoolTests {
  @Test func `the connection that was given back last is taken first`() async throws {
    let upstream = try await ScriptedUpstream.start()
    let pool = try StationBench(port: upstream.port).pool
    let first = try await pool.acquire(until: nil)
    let second = try await pool.acquire(until: nil)
    pool.giveBack(second, isGood: true)
    pool.giveBack(first, isGood: true)
    #expect(try await pool.acquire(until: nil).id == first.id)
    #expect(try await pool.acquire(until: nil).id == second.id)
    #expect(await eventually { upstream.accepted == 2 })
  }

  @Test func `no more are opened than allowed, and whoever waits longest is next`() async throws {
    let upstream = try await ScriptedUpstream.start()
    let pool = try StationBench(port: upstream.port) {
      $0.pool.max = 1
      $0.pool.acquireTimeout = nil
    }.pool
    let only = try await pool.acquire(until: nil)
    let one = Task { try await pool.acquire(until: nil) }
    #expect(await eventually { pool.gauges.pending == 1 })
    let two = Task { try await pool.acquire(until: nil) }
    #expect(await eventually { pool.gauges.pending == 2 })
    pool.giveBack(only, isGood: true)
    #expect(try await one.value.id == only.id)
    #expect(pool.gauges.pending == 1)
    // One that is not good is closed: the next in the queue opens its own.
    pool.giveBack(only, isGood: false)
    #expect(try await two.value.id != only.id)
    #expect(await eventually { upstream.accepted == 2 && upstream.open == 1 })
  }

  @Test func `a caller that gives up leaves the queue`() async throws {
    let upstream = try await ScriptedUpstream.start()
    let pool = try StationBench(port: upstream.port) {
      $0.pool.max = 1
      $0.pool.acquireTimeout = 0.02
    }.pool
    let only = try await pool.acquire(until: nil)
    await #expect(throws: AttemptFailure.limit(.poolAcquire)) { _ = try await pool.acquire(until: nil) }
    await #expect(throws: AttemptFailure.limit(.deadline)) { _ = try await pool.acquire(until: LabClock.now) }
    #expect(pool.gauges.pending == 0)
    pool.giveBack(only, isGood: true)
    #expect(pool.gauges.idle == 1)
  }

  @Test func `an idle connection that does not answer its ping is replaced before it is handed out`() async throws {
    let upstream = try await ScriptedUpstream.start()
    let pool = try StationBench(port: upstream.port) { $0.pool.validateAfter = 0 }.pool
    let first = try await pool.acquire(until: nil)
    pool.giveBack(first, isGood: true)
    #expect(try await pool.acquire(until: nil).id == first.id)
    pool.giveBack(first, isGood: true)
    upstream.behave(.isDeaf)
    #expect(try await pool.acquire(until: nil).id != first.id)
    #expect(pool.gauges.active == 1)
    #expect(await eventually { upstream.open == 1 })
  }

  @Test func `an idle connection that the upstream closed leaves the pool`() async throws {
    let upstream = try await ScriptedUpstream.start()
    let bench = try StationBench(port: upstream.port)
    upstream.next([.answers])
    #expect(await bench.call()?.end == .success)
    #expect(bench.pool.gauges.idle == 1)
    upstream.next([.closes])
    #expect(await bench.call("orders-2")?.end == .notRetryable)
    #expect(await eventually { bench.pool.gauges.idle == 0 && bench.pool.gauges.active == 0 })
  }

  @Test func `the minimum is kept open, and what is idle for too long or too old is closed`() async throws {
    let upstream = try await ScriptedUpstream.start()
    let bench = try StationBench(port: upstream.port) {
      $0.pool.minimum = 3
      $0.pool.idleTimeout = 0.01
    }
    let pool = bench.pool
    let keeping = Task { await pool.keep() }
    #expect(await eventually { pool.gauges.idle == 3 })
    bench.change { $0.pool.minimum = 1 }
    #expect(await eventually { pool.gauges.idle == 1 })
    let accepted = upstream.accepted
    bench.change { $0.pool.maximumLifetime = 0.01 }
    #expect(await eventually { upstream.accepted > accepted + 1 })
    keeping.cancel()
    await keeping.value
    pool.close()
    #expect(await eventually { upstream.open == 0 })
  }

  @Test func `calls that forget to give their connection back use the pool up`() async throws {
    let upstream = try await ScriptedUpstream.start()
    let bench = try StationBench(port: upstream.port) {
      $0.pool.max = 2
      $0.pool.leaks = 1
      $0.pool.acquireTimeout = 0.02
    }
    #expect(await bench.call("orders-1")?.end == .success)
    #expect(await bench.call("orders-2")?.end == .success)
    let third = await bench.call("orders-3")
    #expect(third?.end == .timeout && third?.limit == "pool-acquire" && third?.attempts == 0)
    #expect(bench.pool.gauges.active == 2 && bench.pool.gauges.idle == 0)
  }

  @Test func `a careless operator closes everything at once, in use or not`() async throws {
    let upstream = try await ScriptedUpstream.start()
    let bench = try StationBench(port: upstream.port)
    let idle = try await bench.pool.acquire(until: nil)
    upstream.behave(.holds)
    async let line = bench.call()
    #expect(await eventually { upstream.ids.count == 1 })
    bench.pool.giveBack(idle, isGood: true)
    bench.pool.drop()
    #expect(await line?.end == .notRetryable)
    #expect(bench.attempts.map(\.outcome) == ["closed"])
    #expect(bench.pool.gauges.active == 0 && bench.pool.gauges.idle == 0)
    upstream.behave(.answers)
    #expect(await bench.call("orders-2")?.end == .success)
  }

  @Test func `connections are reported with both of their ends`() async throws {
    let upstream = try await ScriptedUpstream.start()
    let bench = try StationBench(port: upstream.port)
    _ = await bench.call()
    let held = try #require(bench.pool.gauges.connections?.first)
    #expect(held.remoteAddress == "127.0.0.1" && held.remotePort == upstream.port && !held.isActive)
    #expect(held.localAddress == "127.0.0.1" && upstream.ports == [Int(held.localPort)])
    #expect(bench.attempts.first?.localPort == held.localPort)
  }
}
