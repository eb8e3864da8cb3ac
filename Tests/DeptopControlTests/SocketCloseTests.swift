import DeptopControl
import DeptopKernel
import DeptopModel
import DeptopTestSupport
import Testing

@Suite struct SocketCloseTests {
  private let left = { (connection: inout Connection) in connection.standing = .left }

  @Test func `stale means dead, on an address that left DNS, or forgotten, and nothing in use`() async throws {
    let lab = SocketLab([
      .played(1), .played(2, .dead), .played(3, .idle, left), .played(4, .waiting, left),
      .played(5, .peerClosed) {
        $0.state = "closeWait"
        $0.signals.lasting = .seconds(301)
      },
      .played(6, .peerClosed) {
        $0.state = "closeWait"
        $0.signals.lasting = .seconds(299)
      },
      .played(7, .dead) { $0.state = "timeWait" },
    ])
    let preparation = try await lab.prepare(.close)
    #expect(preparation.treatments == [2: .destroy, 3: .destroy, 5: .destroy])
    #expect(preparation.confirmation == .typeName, "the kernel alone says that the third is idle")
    #expect(preparation.texts("risk").contains { $0.contains("may fail requests in flight") })
    #expect(preparation.texts("keeps") == ["3 connections: 1 in use"])
  }

  @Test func `the pool's own word that it is idle needs no name to be typed, and its word counts`() async throws {
    let lab = SocketLab([
      Connection.played(1).pooled(isActive: false), Connection.played(2, .waiting).pooled(isActive: false),
      Connection.played(3).pooled(isActive: true), .played(4), .played(5),
    ])
    let pooled = try await lab.prepare(.close, .idle)
    #expect(pooled.treatments.keys.sorted() == [1, 2], "half of the five stay")
    #expect(pooled.confirmation == .key)
    #expect(!pooled.texts("risk").contains { $0.contains("may fail") })
    #expect(pooled.texts("keeps") == ["3 connections: 1 in use, 2 so that half of the pool stays ready"])
  }

  @Test func `all includes what is in use, says so, and has the name typed`() async throws {
    let lab = SocketLab([.played(1), .played(2, .waiting)])
    let preparation = try await lab.prepare(.close, .all)
    #expect(preparation.treatments.keys.sorted() == [1, 2] && preparation.confirmation == .typeName)
    #expect(preparation.texts("risk").contains("1 connection in use: the requests on them fail"))
  }

  @Test func `nothing to close is refused with what there is`() async {
    let well = SocketLab([.played(1), .played(2)])
    #expect(
      await well.refusal(.close)
        == "no connection of 10.0.0.1:5432 is dead, on an address that left DNS, or forgotten; 2 are well")
    let busy = SocketLab([.played(1, .waiting)])
    #expect(await busy.refusal(.close, .idle) == "the 1 connections of 10.0.0.1:5432 in the scope are in use")
  }

  @Test func `the dead go at once, the living a fifth at a time while half of the pool is ready`() async throws {
    let lab = SocketLab((1...10).map { .played($0) } + [.played(11, .dead), .played(12, .dead)])
    let plan = try await lab.plan(.close, .all)
    let first = try await lab.step(0, of: plan)
    #expect(lab.bench.requests.map(\.cookies) == [[11, 12, 1, 2]])
    #expect(lab.bench.plans[plan.id]?.sockets.filter(\.onlyWhileDead).map(\.socket.cookie) == [11, 12])
    #expect(lab.bench.plans[plan.id]?.life == .seconds(600))
    #expect(first.pause == .seconds(1) && first.text == "4 of 12; closed 4")
    _ = try await lab.step(1, of: plan)
    _ = try await lab.step(2, of: plan)
    #expect(lab.bench.requests.map(\.cookies) == [[11, 12, 1, 2], [3, 4], [5]], "five of ten have to stay")
    let held = try await lab.step(3, of: plan)
    #expect(held.text == "7 of 12; waits until closed ones are replaced: 5 of 10 ready" && held.pause != nil)
    lab.scene.add(.played(21), .played(22), .played(23))
    _ = try await lab.step(4, of: plan)
    #expect(lab.bench.requests.last?.cookies == [6, 7])
    lab.scene.add(.played(24), .played(25), .played(26), .played(27), .played(28))
    let reports = try await lab.steps(of: plan, from: 5)
    #expect(reports.last?.pause == nil && lab.bench.requests.last?.cookies == [10])
    #expect(lab.scene.detail.connections.allSatisfy { $0.local.port > 20 })
  }

  @Test func `what is not replaced stops it`() async throws {
    let lab = SocketLab([.played(1), .played(2), .played(3), .played(4)])
    let plan = try await lab.plan(.close, .all)
    let reports = try await lab.steps(of: plan)
    #expect(reports.last?.text.hasPrefix("stopped: what was closed is not replaced") == true)
    #expect(lab.bench.requests.flatMap(\.cookies) == [1, 2])
    let judgement = lab.control.judgement(of: plan, before: lab.scene.detail, now: lab.scene.detail)
    #expect(judgement?.left == 2)
  }

  @Test func `callers who begin to wait stop it`() async throws {
    let lab = SocketLab((1...10).map { .played($0) })
    lab.scene.queue(1)
    let plan = try await lab.plan(.close, .all)
    _ = try await lab.step(0, of: plan)
    lab.scene.queue(2)
    _ = try await lab.step(1, of: plan)
    lab.scene.queue(1)
    lab.scene.add(.played(21), .played(22), .played(23), .played(24))
    _ = try await lab.step(2, of: plan)
    lab.scene.queue(2)
    let reports = try await lab.steps(of: plan, from: 3)
    #expect(reports.count == 3)
    #expect(reports.last?.text == "stopped: more callers wait than before; 1 left alone")
  }

  @Test func `what was taken into use meanwhile is left alone`() async throws {
    let connections = (1...6).map { Connection.played($0).pooled(isActive: false) }
    let lab = SocketLab(connections)
    let plan = try await lab.plan(.close, .idle)
    let before = lab.scene.detail
    #expect(plan.targets.map(\.local.port) == [1, 2, 3])
    _ = try await lab.step(0, of: plan)
    lab.scene.change(2) { $0.pool?.isActive = true }
    let reports = try await lab.steps(of: plan, from: 1)
    #expect(lab.bench.requests.flatMap(\.cookies) == [1, 3])
    #expect(reports.contains { $0.text.contains("left 1 alone: in use now") })
    let judgement = try #require(lab.control.judgement(of: plan, before: before, now: lab.scene.detail))
    #expect(judgement.left == 1 && judgement.isSettled)
    #expect(judgement.notes == ["left 1 alone: taken into use meanwhile"])
    #expect(judgement.comparisons.map(\.before) == ["3", "6"] && judgement.comparisons.map(\.after) == ["1", "4"])
  }

  @Test func `without the kernel's table nothing is closed`() async throws {
    let lab = SocketLab([.played(1, .dead)])
    let plan = try await lab.plan(.close)
    lab.scene.silence()
    await #expect(throws: ControlError.self) { try await lab.step(0, of: plan) }
    #expect(lab.bench.requests.isEmpty && lab.bench.plans.isEmpty)
  }
}
