import DeptopModel
import DeptopWire
import Testing

@testable import DeptopCollector

struct AgentLedgerTests {
  private let key = AgentKey(uid: 1000, id: "a")
  private let client = ClientIdentity(name: "orders", pid: 7, uid: 1000, cgroup: "/orders.service")

  private func reporting(every interval: Double, until end: Double) throws -> AgentLedger {
    var ledger = AgentLedger()
    for time in stride(from: 0, through: end, by: interval) {
      _ = try ledger.report(key, client: client, dependencies: 1, at: at(time))
    }
    return ledger
  }

  @Test(arguments: [(1.0, 5.0), (10, 30), (600, 300)])
  func `an agent has three of its own intervals, within bounds`(interval: Double, patience: Double) throws {
    let ledger = try reporting(every: interval, until: interval * 3)
    #expect(ledger.patience(with: key) == .seconds(patience))
  }

  @Test func `a vanished agent falls silent, then goes`() throws {
    var ledger = try reporting(every: 1, until: 10)
    #expect(ledger.expire(at: at(15)).silent.isEmpty)
    let silent = ledger.expire(at: at(15.5)).silent
    #expect(silent.map(\.id) == ["agent/a"] && silent.first?.error == "no report for 5 s")
    #expect(ledger.expire(at: at(16)).silent.isEmpty, "told once")
    #expect(ledger.expire(at: at(76)).gone == ["agent/a"])
    #expect(ledger.agents.isEmpty)
  }

  @Test func `an agent that comes back answers again`() throws {
    var ledger = try reporting(every: 1, until: 10)
    _ = ledger.expire(at: at(30))
    #expect(try ledger.report(key, client: client, dependencies: 1, at: at(31)).state == .ok)
  }

  @Test func `another user may use the same id, another control group of the same user may not`() throws {
    var ledger = try reporting(every: 1, until: 10)
    let other = AgentKey(uid: 1001, id: "a")
    #expect(try ledger.report(other, client: client, dependencies: 1, at: at(10)).id == "agent/a#1001")
    var stranger = client
    stranger.cgroup = "/other.service"
    #expect(throws: Refusal.self) { try ledger.report(key, client: stranger, dependencies: 1, at: at(11)) }
    _ = ledger.expire(at: at(30))
    #expect(try ledger.report(key, client: stranger, dependencies: 1, at: at(31)).state == .ok)
  }

  @Test func `a user has so many agents and no more, whatever others have`() throws {
    var ledger = AgentLedger()
    for number in 0..<AgentLedger.agentsPerUser {
      _ = try ledger.report(AgentKey(uid: 1, id: "\(number)"), client: client, dependencies: 1, at: at(1))
    }
    #expect(throws: Refusal.self) {
      try ledger.report(AgentKey(uid: 1, id: "more"), client: client, dependencies: 1, at: at(1))
    }
    _ = try ledger.report(AgentKey(uid: 2, id: "more"), client: client, dependencies: 1, at: at(1))
  }

  @Test func `a command that is withdrawn is told as such, and not again to who follows later`() throws {
    var ledger = try reporting(every: 1, until: 2)
    let make = { (number: UInt64) in
      AgentCommand(number: number, verb: .drain, dependency: "orders-db", scope: .all, timeout: .seconds(30))
    }
    _ = ledger.issue(key, make)
    _ = ledger.issue(key, make)
    let told = ledger.cancel(1, of: key)
    #expect(told?.number == 1 && told?.isCancelled == true)
    #expect(ledger.cancel(1, of: key) == nil && ledger.cancel(9, of: key) == nil)
    #expect(ledger.follow(key, 1).map(\.number) == [2])
    try ledger.take(AgentResult(state: .failed, text: "withdrawn"), of: 1, from: key)
    try ledger.take(AgentResult(state: .done), of: 2, from: key)
    #expect(ledger.cancel(2, of: key) == nil, "it has ended")
  }

  @Test func `commands are numbered, told again until they end, and end once`() throws {
    var ledger = try reporting(every: 1, until: 2)
    let make = { (number: UInt64) in
      AgentCommand(number: number, verb: .drain, dependency: "orders-db", scope: .all, timeout: .seconds(30))
    }
    #expect(ledger.issue(key, make)?.number == 1 && ledger.issue(key, make)?.number == 2, "from time 0 on")
    try ledger.take(AgentResult(state: .running, remaining: 3), of: 1, from: key)
    #expect(ledger.follow(key, 1).map(\.number) == [1, 2])
    try ledger.take(AgentResult(state: .done), of: 1, from: key)
    #expect(ledger.follow(key, 1).map(\.number) == [2])
    #expect(throws: Refusal.self) { try ledger.take(AgentResult(state: .failed), of: 1, from: key) }
    #expect(throws: Refusal.self) { try ledger.take(AgentResult(state: .done), of: 9, from: key) }
    #expect(throws: Refusal.self) {
      try ledger.take(AgentResult(state: .done), of: 2, from: AgentKey(uid: 1001, id: "a"))
    }
    #expect(ledger.issue(AgentKey(uid: 5, id: "none"), make) == nil)
  }
}

struct IngestQuotaTests {
  @Test func `a burst is admitted, then as much as the rate allows, for each user alone`() {
    var quota = IngestQuota()
    for _ in 0..<Int(IngestQuota.requestBurst) { #expect(quota.admit(1, requests: 1, at: at(0)) == nil) }
    let wait = quota.admit(1, requests: 1, at: at(0))
    #expect(wait == .seconds(1 / IngestQuota.requestRate))
    #expect(quota.admit(2, requests: 1, at: at(0)) == nil)
    #expect(quota.admit(1, requests: 1, at: at(1)) == nil)
  }

  @Test func `bytes have a quota of their own`() {
    var quota = IngestQuota()
    #expect(quota.admit(1, bytes: IngestQuota.byteBurst, at: at(0)) == nil)
    #expect(quota.admit(1, bytes: IngestQuota.byteRate, at: at(0)) == .seconds(1))
    #expect(quota.admit(1, bytes: IngestQuota.byteRate, at: at(1)) == nil)
  }
}
