import DeptopControl
import DeptopModel
import DeptopSources
import DeptopWire
import Testing

@testable import DeptopCollector

struct PlanDifferenceTests {
  private let planned = plan(
    targets: [target(1, to: end("A")), target(2, to: end("A"), isActive: true)], destinations: [end("B")])

  @Test func `the same world has no difference, whatever its order and whatever is busy`() {
    let now = [target(2, to: end("A")), target(1, to: end("A"), isActive: true)]
    #expect(PlanDifference.between(planned, now, [end("B")], present: []).isEmpty)
  }

  @Test(arguments: [
    ([target(1, to: end("A"))], [end("B")], ["connection 192.168.0.1:2 → 10.0.0.1:5432 has closed"]),
    (
      [target(1, to: end("A")), target(2, to: end("A")), target(3, to: end("A"))], [end("B")],
      ["connection 192.168.0.1:3 → 10.0.0.1:5432 is new and was not in the plan"]
    ),
    (
      [target(1, to: end("A")), target(2, to: end("A"), cookie: "ff")], [end("B")],
      [
        "connection 192.168.0.1:2 → 10.0.0.1:5432 has closed",
        "connection 192.168.0.1:2 → 10.0.0.1:5432 is new and was not in the plan",
      ]
    ),
    (
      [target(1, to: end("A")), target(2, to: end("A"), isStale: false)], [end("B")],
      ["the address of 192.168.0.1:2 → 10.0.0.1:5432 is again in DNS"]
    ),
    (
      [target(1, to: end("A")), target(2, to: end("A"))], [end("C"), end("B")],
      ["new connections would go to 10.0.0.2:5432, 10.0.0.3:5432 instead of 10.0.0.2:5432"]
    ),
  ])
  func `each difference is one sentence`(
    targets: [PlanTarget], destinations: [SocketAddress], expected: [String]
  ) {
    #expect(PlanDifference.between(planned, targets, destinations, present: []) == expected)
  }

  @Test func `connections that the kernel's table lacks are told apart by their ends`() {
    let unlisted = plan(targets: (1...3).map { target($0, to: end("A"), cookie: "") }, destinations: [end("B")])
    #expect(PlanDifference.between(unlisted, unlisted.targets, [end("B")], present: []).isEmpty)
    let replaced = [1, 2, 9].map { target($0, to: end("A"), cookie: "") }
    #expect(PlanDifference.between(unlisted, replaced, [end("B")], present: []).count == 2)
    let found = (1...3).map { target(UInt16($0), to: end("A")) }
    #expect(
      PlanDifference.between(unlisted, found, [end("B")], present: []).isEmpty,
      "the next sweep found them: the same ones")
  }

  @Test(arguments: [("B", 0), ("AB", 2), ("C", 1), ("BC", 1)])
  func `a reversal is a stale address that is in DNS again, or another destination`(answer: String, count: Int) {
    var dependency = Dependency(id: "orders", kind: nil, host: "db.lab", port: 5432, origin: .configured)
    var resolution = Resolution(name: "db.lab")
    resolution.addresses = answer.map(address)
    dependency.resolution = resolution
    let one = plan(
      targets: [target(1, to: end("A")), target(2, to: end("B"), isStale: false)], destinations: [end("B")])
    #expect(PlanDifference.reversals(one, in: dependency).count == count)
  }
}

struct PlanDigestTests {
  private let targets = [target(1, to: end("A")), target(2, to: end("A"))]

  @Test func `the order makes no difference`() {
    #expect(
      PlanDigest.of(targets, [end("B"), end("C")]) == PlanDigest.of(targets.reversed(), [end("C"), end("B")]))
  }

  @Test func `every target and every destination does`() {
    let digests = [
      PlanDigest.of(targets, [end("B")]), PlanDigest.of([targets[0]], [end("B")]), PlanDigest.of(targets, [end("C")]),
      PlanDigest.of([targets[0], target(2, to: end("A"), cookie: "ff")], [end("B")]), PlanDigest.of([], []),
      PlanDigest.of([target(1, to: end("A"), cookie: "")], []),
      PlanDigest.of([target(2, to: end("A"), cookie: "")], []),
    ]
    #expect(Set(digests).count == digests.count)
  }
}

struct PlanDraftTests {
  private func preparation(_ targets: [PlanTarget]) -> Preparation {
    Preparation(
      targets: targets, lines: [PlanLine("closes now", "2")], confirmation: .typeName, drainTimeout: .seconds(30))
  }

  private func attempts(_ outcomes: String) -> [ConnectAttempt] {
    outcomes.map { outcome in
      ConnectAttempt(
        address: end("B"), duration: outcome == "+" ? .milliseconds(12) : nil,
        failure: outcome == "+" ? nil : "connection refused")
    }
  }

  private func refusal(_ work: () throws(Refusal) -> Void) -> String? {
    do throws(Refusal) {
      try work()
      return nil
    } catch {
      #expect(error.code == .refused)
      return error.message
    }
  }

  @Test(arguments: ["-++", "+-+", "++-", "---"])
  func `one failed attempt of three refuses, and says why`(outcomes: String) throws {
    let message = try #require(
      refusal { () throws(Refusal) in
        _ = try PlanDraft(preparation([]), destinations: [end("B")], attempts: [attempts(outcomes)])
      })
    #expect(message.contains("\(outcomes.count { $0 == "-" }) of 3"))
    #expect(message.contains("10.0.0.2:5432: connection refused"))
  }

  @Test func `one destination that fails refuses all`() {
    let message = refusal { () throws(Refusal) in
      _ = try PlanDraft(
        preparation([]), destinations: [end("C"), end("B")], attempts: [attempts("+++"), attempts("+-+")])
    }
    #expect(message?.contains("1 of 6") == true)
  }

  @Test func `without a destination nobody knows where to`() {
    let message = refusal { () throws(Refusal) in
      _ = try PlanDraft(preparation([]), destinations: [], attempts: [])
    }
    #expect(message?.contains("no resolver answers") == true)
  }

  @Test func `a pre-flight that was cut short is none`() {
    let message = refusal { () throws(Refusal) in
      _ = try PlanDraft(preparation([]), destinations: [end("B")], attempts: [attempts("+")])
    }
    #expect(message?.contains("pre-flight") == true)
  }

  @Test(arguments: [
    (ActionVerb.drain, ActionScope.stale, [target(1, to: end("B"), isStale: false)], "left DNS"),
    (.drain, .stale, [], "no connection"), (.drain, .all, [], "no connection"), (.resolve, .all, [], "no connection"),
  ])
  func `what there is nothing to do for is refused`(
    verb: ActionVerb, scope: ActionScope, targets: [PlanTarget], reason: String
  ) {
    let request = PlanRequest(verb: verb, dependency: "orders", scope: scope)
    let message = refusal { () throws(Refusal) in try PlanDraft.guardTargets(preparation(targets), request) }
    #expect(message?.contains(reason) == true)
  }

  @Test(arguments: [
    (ActionVerb.drain, ActionScope.stale, [target(1, to: end("B"), isStale: false), target(2, to: end("A"))]),
    (.drain, .all, [target(1, to: end("B"), isStale: false)]),
    (.resolve, .all, [target(1, to: end("B"), isStale: false)]),
  ])
  func `what there is something to do for is not`(verb: ActionVerb, scope: ActionScope, targets: [PlanTarget]) {
    let request = PlanRequest(verb: verb, dependency: "orders", scope: scope)
    #expect(refusal { () throws(Refusal) in try PlanDraft.guardTargets(preparation(targets), request) } == nil)
  }

  @Test func `a plan carries its targets, its pre-flight, its command and its minute`() throws {
    let targets = [target(1, to: end("A"))]
    let draft = try PlanDraft(preparation(targets), destinations: [end("B")], attempts: [attempts("+++")])
    let request = PlanRequest(verb: .drain, dependency: "orders", scope: .stale, reason: "failover")
    let plan = draft.plan(for: request, createdAt: at(1000))
    #expect(plan.targets == targets && plan.destinations == [end("B")] && plan.request == request)
    #expect(plan.expiresAt == at(1060) && plan.confirmation == .typeName)
    #expect(plan.lines.map(\.label) == ["closes now", "pre-flight", "same as"])
    #expect(plan.lines[1].text == "3 of 3 new connections to 10.0.0.2:5432 succeeded (slowest 12 ms)")
    #expect(plan.lines[2].text == "deptop drain orders --scope stale")
    #expect(plan.id != draft.plan(for: request, createdAt: at(1000)).id)
  }
}

struct AgentPlanTests {
  @Test func `a breaker that no client has cannot be set, as nothing would prove it`() throws {
    let request = PlanRequest(verb: .breaker, dependency: "orders", breaker: .closed)
    var preparation = Preparation(targets: [], lines: [], confirmation: .key, drainTimeout: .seconds(1))
    #expect(throws: Refusal.self) { try PlanDraft.guardTargets(preparation, request) }
    preparation.clients = [PlanClient(name: "app", source: "agent/app", dependency: "orders")]
    try PlanDraft.guardTargets(preparation, request)
  }

  @Test(arguments: [
    (true, ActionScope.stale, false), (false, .stale, true), (false, .idle, true), (false, .all, false),
  ])
  func `a plan that leaves the choice of connections to the client says so`(
    chooses: Bool, scope: ActionScope, cannot: Bool
  ) {
    var report = ClientReport(name: "orders")
    report.choosesConnections = chooses
    let client = ClientDetail(
      client: ClientIdentity(name: "app"), source: "agent/app", observedAt: at(0), report: report, calls: nil)
    let detail = DependencyDetail(
      dependency: Dependency(id: "orders", kind: nil, host: nil, port: 0, origin: .reported), connections: [],
      clients: [client])
    let request = PlanRequest(verb: .drain, dependency: "orders", scope: scope)
    let lines = AgentPlanLines(
      request: request, clients: [client], targets: [], held: 0, detail: detail,
      pace: AgentPacing(request, [client], in: detail)
    ).lines
    #expect(lines.map(\.label).contains("cannot") == cannot)
    #expect(lines.first { $0.label == "pace" }?.text.hasPrefix("in steps") == chooses)
  }
}
