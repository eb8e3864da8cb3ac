import DeptopControl
import DeptopKernel
import DeptopModel
import DeptopTestSupport
import Testing

/// What is not seen, what is not read, and whose connections count.
@Suite struct SocketUnreadTests {
  private let other = NamespaceID(5)

  private func inside(_ port: UInt16, _ condition: SocketSignals.Condition = .idle) -> Connection {
    .played(port, condition) { $0.namespace = NamespaceID(5) }
  }

  @Test func `a planned one that is merely not seen keeps the pace of the living`() async throws {
    let lab = SocketLab((1...10).map { .played($0) } + [.played(11, .dead)])
    let plan = try await lab.plan(.close, .all)
    lab.scene.remove([1, 2, 3])
    _ = try await lab.step(0, of: plan)
    #expect(lab.bench.requests.map(\.cookies) == [[11, 1]], "one in five of the seven")
    lab.bench.lose(2)
    let second = try await lab.step(1, of: plan)
    #expect(lab.bench.requests.last?.cookies == [2] && second.text.contains("1 had closed already"))
  }

  @Test func `one that dies or is forgotten meanwhile goes at once`() async throws {
    let lab = SocketLab((1...5).map { .played($0) })
    let plan = try await lab.plan(.close, .all)
    lab.scene.change(4) { $0.signals.condition = .dead }
    lab.scene.change(5) { $0.signals = SocketSignals(.peerClosed, lasting: .seconds(301)) }
    _ = try await lab.step(0, of: plan)
    #expect(lab.bench.requests.map(\.cookies) == [[4, 5, 1]])
  }

  @Test func `nothing is closed in a namespace that is not read, and in the end it is given up`() async throws {
    let lab = SocketLab([.played(1), .played(2), inside(3, .dead), inside(4)])
    let plan = try await lab.plan(.close, .all)
    let before = lab.scene.detail
    lab.scene.leaveOut(other)
    lab.scene.remove([3, 4])
    _ = try await lab.step(0, of: plan)
    lab.scene.add(.played(21), .played(22))
    let reports = try await lab.steps(of: plan, from: 1)
    #expect(lab.bench.requests.flatMap(\.cookies) == [1, 2])
    #expect(reports.contains { $0.text == "2 of 4; waits for 2 whose network namespace is not read now" })
    #expect(
      reports.last?.text == "stopped: the network namespace of what is left is not read any more; 2 left alone")
    let judgement = try #require(lab.control.judgement(of: plan, before: before, now: lab.scene.detail))
    #expect(judgement.left == 2 && !judgement.isSettled)
    #expect(judgement.comparisons.first?.after == "0, 2 not read")
    #expect(judgement.notes.contains { $0.hasPrefix("the network namespace of 2 is not read now") })
    lab.scene.leaveOut()
    let later = try #require(lab.control.judgement(of: plan, before: before, now: lab.scene.detail))
    #expect(later.left == 0 && later.isSettled, "now it is seen that they are gone")
  }

  @Test func `half of the pool is half of all that is read in the end`() async throws {
    let lab = SocketLab((1...4).map { .played($0) } + (5...10).map { inside($0) })
    let plan = try await lab.plan(.close, .all)
    lab.scene.leaveOut(other)
    _ = try await lab.step(0, of: plan)
    #expect(lab.bench.requests.last?.cookies == [1])
    lab.scene.leaveOut()
    let reports = try await lab.steps(of: plan, from: 1)
    #expect(lab.bench.requests.flatMap(\.cookies) == [1, 2, 3, 4, 5], "of the ten")
    #expect(reports.last?.text.hasPrefix("stopped: what was closed is not replaced") == true)
  }

  @Test func `proving waits for a namespace that is not read, then leaves it alone`() async throws {
    let lab = SocketLab([.played(1), inside(2), inside(3, .dead)])
    let plan = try await lab.plan(.prove)
    let before = lab.scene.detail
    lab.scene.leaveOut(other)
    let first = try await lab.step(0, of: plan)
    #expect(first.text == "set keepalive on 1; 2 wait: their network namespace is not read now")
    #expect(lab.bench.requests.flatMap(\.cookies) == [1])
    _ = try await lab.steps(of: plan, from: 1)
    #expect(Set(lab.bench.requests.flatMap(\.cookies)) == [1])
    let judgement = try #require(lab.control.judgement(of: plan, before: before, now: lab.scene.detail))
    #expect(judgement.left == 2 && !judgement.isSettled)
    #expect(judgement.notes.contains("left 2 alone: its network namespace is not read now"))
    #expect(judgement.comparisons.first?.after == "0, 2 not read")
  }

  @Test func `one that is read late has the whole time of the probes`() async throws {
    let lab = SocketLab([.played(1), inside(2)])
    let plan = try await lab.plan(.prove)
    lab.scene.leaveOut(other)
    for number in 0..<4 { _ = try await lab.step(number, of: plan) }
    lab.scene.leaveOut()
    _ = try await lab.step(4, of: plan)
    #expect(lab.bench.requests.map(\.cookies) == [[1], [2]])
    #expect(try await lab.steps(of: plan, from: 5).count == 7)
    #expect(lab.bench.keepalive(of: 1) == 60 && lab.bench.keepalive(of: 2) == 60)
  }

  @Test func `a plan of one client is paced by its own connections`() async throws {
    let batch = (1...4).map { port in
      Connection.played(port) { $0.owner = SocketOwner(pid: 7, process: "batch", startedAt: 9) }
    }
    let lab = SocketLab(batch + (11...60).map { .played($0) })
    let plan = try await lab.plan(.close, .all, client: "batch")
    let before = lab.scene.detail
    let reports = try await lab.steps(of: plan)
    #expect(lab.bench.requests.map(\.cookies).filter { !$0.isEmpty } == [[1], [2]], "half of its four stay")
    #expect(reports.contains { $0.text == "2 of 4; waits until closed ones are replaced: 2 of 4 ready" })
    let judgement = try #require(lab.control.judgement(of: plan, before: before, now: lab.scene.detail))
    #expect(judgement.comparisons.last.map { "\($0.before) → \($0.after)" } == "4 → 2")
  }

  @Test func `a planned one whose owner is not known any more is still seen`() async throws {
    let lab = SocketLab([.played(1), .played(2)])
    let plan = try await lab.plan(.close, .all, client: "orders")
    let before = lab.scene.detail
    _ = try await lab.steps(of: plan)
    lab.scene.change(2) { $0.owner = nil }
    #expect(lab.control.judgement(of: plan, before: before, now: lab.scene.detail)?.left == 1)
  }

  @Test func `the same cookie in two namespaces makes no plan`() async throws {
    let twin = Connection.played(2) {
      $0.cookie = "1@5"
      $0.namespace = NamespaceID(5)
      $0.owner = SocketOwner(pid: 7, process: "batch", startedAt: 9)
    }
    let lab = SocketLab([.played(1), twin])
    #expect(
      await lab.refusal(.prove) == "2 connections in different namespaces have the cookie 1: name one client")
    #expect(try await lab.prepare(.prove, client: "batch").targets.count == 1)
  }
}
