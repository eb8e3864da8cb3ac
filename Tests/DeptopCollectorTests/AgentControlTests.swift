import DeptopControl
import DeptopModel
import DeptopTestSupport
import DeptopWire
import Testing

@testable import DeptopCollector

/// Drains by clients that choose connections, told through the real registry.
struct AgentControlTests {
  private let fleet = AgentFleet()
  private let control: AgentControl

  init() { control = AgentControl(fleet.registry, jitter: { 1 }) }

  private func plan(_ scope: ActionScope = .stale) async throws -> Plan {
    let request = PlanRequest(verb: .drain, dependency: "orders", scope: scope)
    let preparation = try await control.prepare(request, for: fleet.detail)
    return PlanDraft(preparation, destinations: [end("B")]).plan(for: request, createdAt: at(0))
  }

  private func step(_ plan: Plan, _ number: Int) async throws -> StepReport {
    try await control.execute(plan, step: number, now: fleet.detail)
  }

  @Test func `a drain of several clients goes in small steps, and half of each pool stays ready`() async throws {
    try fleet.join("app", 10)
    try fleet.join("web", 6)
    let plan = try await plan()
    #expect(plan.targets.count == 16 && plan.clients.allSatisfy { $0.choosesConnections == true })
    var told: Set<SocketAddress> = []
    for number in 0..<100 {
      let report = try await step(plan, number)
      guard report.pause != nil else {
        #expect(report.text == "16 of 16 replaced")
        break
      }
      var orders: [(String, AgentCommand)] = []
      for name in ["app", "web"] where report.text.contains("\(name) closes") {
        orders.append((name, try await fleet.command(for: name)))
      }
      let moved = orders.flatMap { $0.1.connections ?? [] }
      #expect(moved.count == report.progress?.begun ?? 0)
      #expect(moved.count <= 3, "a fifth of all")
      #expect(
        orders.allSatisfy { $0.1.connections?.count ?? 9 <= ($0.0 == "app" ? 2 : 1) }, "a fifth of each, at least 1")
      #expect(told.isDisjoint(with: moved))
      told.formUnion(moved)
      for (name, command) in orders {
        fleet.close(command, of: name, replacing: false)
        #expect(fleet.ready(name) >= (name == "app" ? 5 : 3))
        for _ in command.connections ?? [] { fleet.open(name) }
        try fleet.answer(.done, to: command, of: name)
      }
      #expect(report.pause == (orders.isEmpty ? AgentPace.look : .seconds(1)))
    }
    #expect(told == Set(plan.targets.map(\.local)))
    #expect(try await control.remaining(of: plan) == Remaining(connections: 0, inUse: 0, note: nil))
  }

  @Test func `of a client whose calls fail anyway half goes at once, and soon the rest`() async throws {
    try fleet.join("app", 10)
    try fleet.join("web", 10) { held in for index in 0..<5 { held[index].remote = "B" } }
    fleet.members["app"]?.isFailing = true
    fleet.members["web"]?.isFailing = true
    let plan = try await plan()
    #expect(plan.clients.map(\.isFailing) == [true, nil], "web has connections that are not in the plan")
    #expect(
      plan.lines.contains {
        $0.text.hasPrefix("in steps: app 5 of 10, as its calls fail anyway, web 2 of 10, of all 5 at a time")
          && $0.text.contains("at least 1.0 s apart")
      }, "\(plan.lines)")
    var pauses: [Duration] = []
    var batches: [Int] = []
    for number in 0..<100 {
      let report = try await step(plan, number)
      guard let pause = report.pause else { break }
      if report.text.contains("app closes") {
        let command = try await fleet.command(for: "app")
        batches.append(command.connections?.count ?? 0)
        try fleet.obey(command, of: "app")
      }
      if report.text.contains("web closes") { try fleet.obey(try await fleet.command(for: "web"), of: "web") }
      if report.progress != nil { pauses.append(pause) }
    }
    #expect(fleet.members.values.flatMap(\.connections).allSatisfy { $0.remote == "B" })
    #expect(batches.first == 5 && batches.reduce(0, +) == 10, "\(batches)")
    #expect(pauses.first == .seconds(1), "web's calls have to be spared")
  }

  @Test func `where every client's calls fail the steps are close together`() async throws {
    try fleet.join("app", 10)
    fleet.members["app"]?.isFailing = true
    let plan = try await plan()
    #expect(plan.lines.contains { $0.text.contains("at least 100 ms apart") }, "\(plan.lines)")
    let report = try await step(plan, 0)
    #expect(report.text == "0 of 10 replaced; app closes 5" && report.pause == .milliseconds(100))
    let command = try await fleet.command(for: "app")
    fleet.close(command, of: "app", replacing: false)
    try fleet.answer(.done, to: command, of: "app")
    #expect(try await step(plan, 1).text == "5 of 10 replaced; app replaces what it closed", "half of it stays")
  }

  @Test func `of those in use what is silent for longest goes first`() async throws {
    try fleet.join("app", 10) { held in
      for index in held.indices { (held[index].isActive, held[index].idle) = (true, .seconds(index % 5)) }
    }
    let plan = try await plan()
    _ = try await step(plan, 0)
    let forgotten = fleet.members["app"]?.connections.filter { $0.idle == .seconds(4) }.map(\.port)
    let command = try await fleet.command(for: "app")
    #expect(command.connections?.map(\.port).sorted() == forgotten?.sorted() && forgotten?.count == 2)
  }

  @Test func `calls that succeed again are spared, whatever the plan was made for`() async throws {
    try fleet.join("app", 10)
    fleet.members["app"]?.isFailing = true
    let plan = try await plan()
    fleet.members["app"]?.isFailing = false
    let report = try await step(plan, 0)
    #expect(report.text == "0 of 10 replaced; app closes 2" && report.pause == .seconds(1))
  }

  @Test func `calls that begin to fail do not make a plan quicker than it said`() async throws {
    try fleet.join("app", 10)
    let plan = try await plan()
    fleet.members["app"]?.isFailing = true
    #expect(try await step(plan, 0).text == "0 of 10 replaced; app closes 2")
  }

  @Test func `what failing clients may take more is not for others`() async throws {
    try fleet.join("app", 20)
    fleet.members["app"]?.isFailing = true
    for index in 0..<10 { try fleet.join("web-\(index)", 1) }
    let plan = try await plan()
    for number in 0..<100 {
      let report = try await step(plan, number)
      guard report.pause != nil else { break }
      var others = 0
      for name in plan.clients.map(\.name) where report.text.contains("\(name) closes") {
        if name != "app" { others += 1 }
        try fleet.obey(try await fleet.command(for: name), of: name)
      }
      #expect(others <= 6, "a fifth of all")
    }
    #expect(fleet.members.values.flatMap(\.connections).allSatisfy { $0.remote == "B" })
  }

  @Test func `half of a pool stays listed, whatever else its process has opened`() async throws {
    try fleet.join("app", 10)
    fleet.members["app"]?.pid = 42
    let plan = try await plan()
    var closed = 0
    for number in 0..<40 {
      let report = try await step(plan, number)
      guard report.progress != nil else { continue }
      let command = try await fleet.command(for: "app")
      closed += command.connections?.count ?? 0
      fleet.close(command, of: "app", replacing: false)
      try fleet.answer(.done, to: command, of: "app")
      // They connect, and never get as far as the pool.
      for _ in command.connections ?? [] { fleet.open("app", isListed: false) }
    }
    #expect(closed == 5)
  }

  @Test(
    arguments: [("A", ["keeps: 4 connections on the old address, until the client replaces them"]), ("B", [])]
      as [(Character, [String])])
  func `a plan to ask DNS again says that it closes nothing`(_ remote: Character, _ keeps: [String]) async throws {
    try fleet.join("app", 4) { held in for index in held.indices { held[index].remote = remote } }
    let request = PlanRequest(verb: .resolve, dependency: "orders", scope: .all)
    let preparation = try await control.prepare(request, for: fleet.detail)
    let texts = preparation.lines.map { "\($0.label): \($0.text)" }
    #expect(texts.contains("closes now: nothing: new connections go by the new answer"), "\(texts)")
    #expect(texts.filter { $0.hasPrefix("keeps") } == keeps)
  }

  @Test func `a new connection is ready when the kernel has it, before its client lists it`() async throws {
    try fleet.join("app", 10)
    fleet.members["app"]?.pid = 42
    fleet.open("app", isListed: false)
    let plan = try await plan()
    _ = try await step(plan, 0)
    let command = try await fleet.command(for: "app")
    fleet.close(command, of: "app", replacing: false)
    try fleet.answer(.done, to: command, of: "app")
    #expect(
      try await step(plan, 1).text == "2 of 10 replaced; app replaces what it closed",
      "what was there before and never listed replaces nothing")
    for _ in 0..<2 { fleet.open("app", isListed: false) }
    #expect(try await step(plan, 2).text == "2 of 10 replaced; app closes 2")
  }

  @Test func `of two clients in one process none takes the other's connections for its own`() async throws {
    try fleet.join("app", 10)
    try fleet.join("web", 10)
    for name in ["app", "web"] { fleet.members[name]?.pid = 42 }
    let plan = try await plan()
    _ = try await step(plan, 0)
    let command = try await fleet.command(for: "app")
    fleet.close(command, of: "app", replacing: false)
    try fleet.answer(.done, to: command, of: "app")
    for _ in 0..<2 { fleet.open("web", isListed: false) }
    #expect(try await step(plan, 1).text.contains("app replaces what it closed"))
  }

  @Test func `the dead go at once, and the idle before those in use`() async throws {
    try fleet.join("app", 10) { held in
      for index in 0..<4 { held[index].isDead = true }
      for index in 4..<7 { held[index].isActive = true }
    }
    let plan = try await plan()
    let dead = plan.targets.filter(\.isDead).map(\.local), idle = plan.targets.filter { !$0.isDead && !$0.isActive }
    _ = try await step(plan, 0)
    let first = try await fleet.command(for: "app")
    #expect(Set(first.connections ?? []).isSuperset(of: dead) && first.connections?.count == 5)
    try fleet.obey(first, of: "app")
    var number = 1
    var order: [SocketAddress] = []
    while order.count < 5 {
      if try await step(plan, number).progress != nil {
        let command = try await fleet.command(for: "app")
        order += command.connections ?? []
        try fleet.obey(command, of: "app")
      }
      number += 1
      guard number < 100 else { throw TestFailure("it does not go on") }
    }
    #expect(order.prefix(2).allSatisfy { end in idle.contains { $0.local == end } })
    #expect(order.suffix(3).allSatisfy { end in !idle.contains { $0.local == end } })
  }

  @Test func `the next batch waits for the client's word, the kernel's table and the replacement`() async throws {
    try fleet.join("app", 10)
    let plan = try await plan()
    let first = try await step(plan, 0)
    #expect(first.text == "0 of 10 replaced; app closes 2")
    #expect(first.progress == StepProgress(done: 0, total: 10, begun: 2))
    let command = try await fleet.command(for: "app")
    #expect(try await step(plan, 1).text == "0 of 10 replaced; app has not answered yet")
    try fleet.answer(.running, "1 in use", to: command, of: "app")
    #expect(try await step(plan, 2).text == "0 of 10 replaced; app 1 in use")
    try fleet.answer(.done, to: command, of: "app")
    #expect(try await step(plan, 3).text == "0 of 10 replaced; the kernel still has 2 that app closed")
    fleet.close(command, of: "app", replacing: false)
    #expect(try await step(plan, 4).text == "2 of 10 replaced; app replaces what it closed")
    for _ in 0..<2 { fleet.open("app") }
    #expect(try await step(plan, 5).text == "2 of 10 replaced; app closes 2")
  }

  @Test func `what is not replaced stops it while half of the pool is left`() async throws {
    try fleet.join("app", 10)
    let plan = try await plan()
    var stop: String?
    for number in 0..<400 {
      let report = try await step(plan, number)
      stop = report.stop
      if stop != nil { break }
      guard report.progress != nil else { continue }
      let command = try await fleet.command(for: "app")
      fleet.close(command, of: "app", replacing: false)
      try fleet.answer(.done, to: command, of: "app")
    }
    #expect(stop == "what was closed is not replaced, and half of the pool has to stay")
    #expect(fleet.ready("app") == 5)
  }

  @Test func `a client with one connection may replace it, and the plan says what that means`() async throws {
    try fleet.join("app", 1)
    let plan = try await plan()
    #expect(plan.lines.contains(PlanLine("risk", "app has one connection: its callers wait for the new one")))
    #expect(try await step(plan, 0).progress?.begun == 1)
  }

  @Test(arguments: [
    (AgentResult.State.refused, 1, "app refused: no"), (.failed, 2, "app failed 2 times: no"),
  ])
  func `a client that cannot stops the drain`(state: AgentResult.State, batches: Int, reason: String) async throws {
    try fleet.join("app", 10)
    let plan = try await plan()
    var number = 0
    for _ in 0..<batches {
      _ = try await step(plan, number)
      try fleet.answer(state, "no", to: try await fleet.command(for: "app"), of: "app")
      number += 1
    }
    #expect(try await step(plan, number).stop == reason)
    #expect(fleet.ready("app") == 10)
  }

  @Test func `a batch that fails once is left, and the rest goes on`() async throws {
    try fleet.join("app", 2)
    let plan = try await plan()
    _ = try await step(plan, 0)
    try fleet.answer(.failed, "in use for 30 s", to: try await fleet.command(for: "app"), of: "app")
    #expect(try await step(plan, 1).progress?.begun == 1)
    try fleet.obey(try await fleet.command(for: "app"), of: "app")
    let last = try await step(plan, 2)
    #expect(last.pause == nil && last.text == "1 of 2 replaced; left 1: app failed: in use for 30 s")
    let remaining = try await control.remaining(of: plan)
    #expect(remaining.connections == 1 && remaining.note == "app failed: in use for 30 s")
  }

  @Test func `a client that goes in between takes nothing of the others with it`() async throws {
    try fleet.join("app", 4)
    try fleet.join("web", 4)
    let plan = try await plan()
    _ = try await step(plan, 0)
    fleet.members["app"]?.isSilent = true
    fleet.members["app"]?.connections = []
    var number = 1
    var report = try await step(plan, number)
    while report.pause != nil {
      if report.text.contains("web closes") { try fleet.obey(try await fleet.command(for: "web"), of: "web") }
      number += 1
      guard number < 100 else { throw TestFailure("it does not end") }
      report = try await step(plan, number)
    }
    #expect(report.text.hasPrefix("8 of 8 replaced"))
  }

  @Test func `a table that is not read proves nothing, and ends it after a while`() async throws {
    try fleet.join("app", 4)
    let plan = try await plan()
    fleet.isSwept = false
    for number in 0..<AgentPace.heldUpLooks { #expect(try await step(plan, number).stop == nil) }
    let report = try await step(plan, AgentPace.heldUpLooks)
    #expect(report.stop == "the kernel's table is not read any more" && report.progress == nil)
  }

  @Test func `clients that do not choose are told the scope once`() async throws {
    try fleet.join("app", 4, chooses: nil)
    try fleet.join("web", 4)
    let plan = try await plan()
    _ = try await step(plan, 0)
    _ = try await step(plan, 1)
    let scope = try await fleet.command(for: "app"), named = try await fleet.command(for: "web")
    #expect(scope.connections == nil && scope.scope == .stale && named.connections?.count == 1)
    #expect(plan.lines.contains { $0.label == "pace" && $0.text.hasPrefix("app: the client's own") })
    try fleet.answer(.running, to: scope, of: "app")
    #expect(try await control.remaining(of: plan).note == "app: at work")
  }

  @Test func `what is dead is stale for those who can be told of it alone`() async throws {
    let makeDead = { (held: inout [AgentFleet.Held]) in
      for index in held.indices { held[index].remote = "B" }
      held[0].isDead = true
    }
    try fleet.join("app", 3, chooses: true, makeDead)
    try fleet.join("web", 3, chooses: nil, makeDead)
    let plan = try await plan()
    #expect(plan.targets.count == 1 && plan.targets.allSatisfy(\.isDead))
    try PlanDraft.guardTargets(
      Preparation(targets: plan.targets, lines: [], confirmation: .key, drainTimeout: .zero), plan.request)
  }

  @Test func `what is told and not done is withdrawn, once`() async throws {
    try fleet.join("app", 10)
    let plan = try await plan()
    _ = try await step(plan, 0)
    let command = try await fleet.command(for: "app")
    #expect(try await control.abandon(plan, now: nil) == "withdrawn what app had not done yet")
    let withdrawal = try await fleet.command(for: "app")
    #expect(withdrawal.number == command.number && withdrawal.isCancelled == true && command.isCancelled == nil)
    #expect(try await control.abandon(plan, now: nil) == nil)
    try fleet.answer(.failed, "withdrawn", to: command, of: "app")
  }
}
