import DeptopConfiguration
import DeptopModel
import DeptopWire
import Testing

@testable import DeptopCollector

struct ActionPolicyTests {
  private let policy: ActionPolicy

  init() {
    var settings = Settings()
    settings.policy.forbidden = [.repair]
    var databases = PolicyRule()
    databases.verbs = [.drain, .resolve]
    databases.dependencies = ["orders-db", "billing-*"]
    databases.users = ["alice"]
    databases.groups = ["50"]
    var breakers = PolicyRule()
    breakers.verbs = [.breaker]
    breakers.groups = ["50"]
    var orders = PolicyRule()
    orders.dependencies = ["orders-db"]
    orders.users = ["1002"]
    settings.policy.rules = [databases, breakers, orders]
    policy = ActionPolicy(settings, Accounts(passwd: "alice:x:1000:", group: ""))
  }

  private func refusal(
    _ uid: UInt32, _ verb: ActionVerb, _ dependency: DependencyID, groups: Set<UInt32> = [], owner: UInt32 = 7
  ) -> String? {
    do throws(Refusal) {
      try policy.require(verb, on: dependency, of: Peer(pid: 1, uid: uid, groups: groups, user: nil), owner: owner)
      return nil
    } catch {
      #expect(error.code == .forbidden)
      return error.message
    }
  }

  @Test(
    arguments: [
      (1000, .drain, "orders-db", [], true), (1000, .drain, "billing-db", [], true), (1000, .drain, "search", [], true),
      (1001, .drain, "orders-db", [], false), (1001, .drain, "billing-db", [], false),
      (1001, .drain, "billing", [], true), (1001, .drain, "orders-db-2", [], true), (1001, .drain, "search", [], true),
      (1001, .drain, "orders-db", [50], true), (1001, .breaker, "search", [], false),
      (1001, .breaker, "search", [50], true),
      (1002, .drain, "orders-db", [], true), (1002, .breaker, "orders-db", [], true),
      (1000, .breaker, "orders-db", [], false),
    ] as [(UInt32, ActionVerb, DependencyID, Set<UInt32>, Bool)])
  func `who may do what is as the rules say, and otherwise as for every operator`(
    uid: UInt32, verb: ActionVerb, dependency: DependencyID, groups: Set<UInt32>, may: Bool
  ) {
    #expect((refusal(uid, verb, dependency, groups: groups) == nil) == may)
  }

  @Test func `a refusal names the rules by their place`() {
    #expect(
      refusal(1001, .drain, "orders-db")
        == "uid 1001 may not drain orders-db: policy.rules[0], policy.rules[2] gives that to others only")
  }

  @Test func `what is forbidden is so for everybody, and rules do not bind the collector's own user`() {
    #expect(refusal(7, .repair, "search") == "repair is forbidden on this host (policy.forbidden)")
    #expect(refusal(7, .drain, "orders-db") == nil)
    #expect(policy.summary == OperatingPolicy(isReasonRequired: false, forbiddenVerbs: [.repair]))
  }

  @Test(
    arguments: [
      (nil, false, false), (nil, true, true), (true, false, true), (false, true, false),
    ] as [(Bool?, Bool, Bool)])
  func `a reason is required in production, unless said otherwise`(said: Bool?, isProduction: Bool, isRequired: Bool) {
    var settings = Settings()
    settings.policy.isReasonRequired = said
    settings.environment.isProduction = isProduction
    let policy = ActionPolicy(settings, Accounts(passwd: "", group: ""))
    #expect(policy.isReasonRequired == isRequired)
    for blank in [nil, "", " \t"] as [String?] {
      #expect((try? policy.requireReason(blank)) == nil || !isRequired)
      if isRequired { #expect(throws: Refusal.self) { try policy.requireReason(blank) } }
    }
    #expect(throws: Never.self) { try policy.requireReason("failover") }
  }
}

/// What open findings say against an action.
struct PlanObjectionTests {
  private static func finding(
    _ rule: RuleID, _ state: Finding.State = .open, on dependency: DependencyID = "orders", against: [ActionVerb] = []
  ) -> Finding {
    var finding = Finding(
      rule: rule, dependency: dependency, level: .critical, text: "slow", since: at(0), evidence: [], confidence: 0.9,
      prohibition: against.isEmpty ? nil : Prohibition(verbs: against, reason: "the upstream is slow: shed load"))
    finding.state = state
    return finding
  }

  private static let stale = [target(1, to: end("A")), target(2, to: end("B"), isStale: false)]
  private static let well = [target(2, to: end("B"), isStale: false)]
  private static let dead = [
    PlanTarget(
      cookie: "3", local: local(3), remote: end("B"), isActive: false, isStale: false, isDead: true)
  ]

  private func request(_ verb: ActionVerb, _ scope: ActionScope = .all, _ repair: RepairMethod? = nil) -> PlanRequest {
    PlanRequest(verb: verb, dependency: "orders", scope: scope, repair: repair)
  }

  @Test(
    arguments: [
      (ActionVerb.drain, ActionScope.all, nil, stale, [ActionVerb.drain], true),
      (.drain, .stale, nil, stale, [.drain], false),
      (.drain, .stale, nil, dead, [.drain], false), (.drain, .stale, nil, well, [.drain], true),
      (.drain, .idle, nil, dead, [.drain], true), (.drain, .all, nil, well, [.breaker], false),
      (.resolve, .all, nil, well, [.drain], false), (.resolve, .all, nil, well, [.resolve], true),
      (.breaker, .all, nil, [], [.drain], false), (.breaker, .all, nil, [], [.breaker], true),
      (.repair, .all, .close, well, [.drain], true), (.repair, .all, .close, dead, [.drain], false),
      (.repair, .stale, .close, stale, [.drain], false), (.repair, .all, .close, well, [.repair], true),
      (.repair, .all, .prove, dead, [.drain], false), (.repair, .all, .prove, dead, [.repair], true),
    ] as [(ActionVerb, ActionScope, RepairMethod?, [PlanTarget], [ActionVerb], Bool)])
  func `what would not cure is refused, unless it cures something else`(
    verb: ActionVerb, scope: ActionScope, repair: RepairMethod?, targets: [PlanTarget], against: [ActionVerb],
    isRefused: Bool
  ) {
    let objection = PlanObjection(
      request(verb, scope, repair), targets, findings: [Self.finding("M04"), Self.finding("M14", against: against)])
    #expect(
      objection.reason
        == (isRefused ? "\(verb) refused by finding M14: the upstream is slow: shed load" : nil))
  }

  @Test(
    arguments: [(Finding.State.pending, "orders"), (.clearing, "orders"), (.open, "search")]
      as [(Finding.State, DependencyID)])
  func `a finding that is not open, or on something else, says nothing`(state: Finding.State, on: DependencyID) {
    let finding = Self.finding("M14", state, on: on, against: [.drain])
    #expect(PlanObjection(request(.drain), Self.well, findings: [finding]).reason == nil)
  }

  @Test(
    arguments: [
      (["M01"], ActionScope.all, nil, false, ["prove"]), (["M03"], .all, nil, false, ["prove"]),
      (["M01"], .stale, nil, false, []), (["M04"], .all, nil, false, ["--scope stale"]),
      (["M04"], .stale, "A", false, ["flush first"]), (["M04"], .stale, "A", true, []),
      (["M04"], .stale, "AB", false, []),
      (["M04"], .stale, "", false, []), (["M04", "M01"], .all, "A", false, ["prove", "--scope stale", "flush first"]),
      ([], .all, "A", false, []),
    ] as [([RuleID], ActionScope, String?, Bool, [String])])
  func `the step that does less is named`(
    rules: [RuleID], scope: ActionScope, owner: String?, awaitsNames: Bool, expected: [String]
  ) {
    let lines = PlanObjection(request(.drain, scope), Self.stale, findings: rules.map { Self.finding($0) })
      .gentler(owner: owner.map { $0.map(address) }, current: [address("B")], awaitsNames: awaitsNames)
    #expect(lines.count == expected.count && lines.allSatisfy { $0.label == "gentler" })
    #expect(zip(lines, expected).allSatisfy { $0.text.hasPrefix($1) })
  }
}
