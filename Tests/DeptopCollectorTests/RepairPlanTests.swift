import DeptopControl
import DeptopKernel
import DeptopModel
import DeptopTestSupport
import DeptopWire
import Testing

@testable import DeptopCollector

/// A repair as the engine's parts see it: differences, pre-flight, cool-down and the equivalent command.
struct RepairPlanTests {
  private func repaired(
    _ port: UInt16, _ treatment: SocketTreatment, isDead: Bool = false, pid: Int32 = 42
  ) -> PlanTarget {
    var made = target(port, to: end("A"))
    made.isDead = isDead
    made.treatment = treatment
    made.socket = SocketIdentity(
      namespace: .own, cookie: UInt64(port), local: made.local, remote: made.remote, inode: 1, pid: pid,
      processStart: 7)
    return made
  }

  private func repair(_ method: RepairMethod, _ targets: [PlanTarget]) -> Plan {
    var made = plan(verb: .repair, targets: targets)
    made.request.repair = method
    return made
  }

  private func difference(_ old: PlanTarget, _ new: PlanTarget) -> [String] {
    PlanDifference.between(repair(.prove, [old]), [new], [])
  }

  @Test func `dead-ness, treatment and owner make a difference, the way to end the dead does not`() {
    let place = "connection 192.168.0.1:1 → 10.0.0.1:5432"
    #expect(difference(repaired(1, .keepalive), repaired(1, .keepalive)).isEmpty)
    #expect(
      difference(repaired(1, .keepalive), repaired(1, .userTimeout, isDead: true)) == ["\(place) is dead now"])
    #expect(
      difference(repaired(1, .destroy, isDead: true), repaired(1, .keepalive)) == ["\(place) answers again"])
    #expect(difference(repaired(1, .destroy, isDead: true), repaired(1, .userTimeout, isDead: true)).isEmpty)
    #expect(
      difference(repaired(1, .discoveryOff, isDead: true), repaired(1, .userTimeout, isDead: true))
        == ["\(place) needs another treatment: userTimeout instead of discoveryOff"])
    #expect(
      difference(repaired(1, .keepalive), repaired(1, .keepalive, pid: 43)) == ["\(place) is held by another process"])
    #expect(
      difference(repaired(1, .keepalive), repaired(2, .keepalive)).first
        == "\(place) has closed, or is not to be treated any more")
  }

  @Test func `the same ends in another namespace are another connection`() {
    var elsewhere = repaired(1, .keepalive)
    elsewhere.socket?.namespace = NamespaceID(5)
    elsewhere.cookie = "1@5"
    let both = [repaired(1, .keepalive), elsewhere]
    #expect(PlanDifference.between(repair(.prove, both), both.reversed(), []).isEmpty)
    #expect(PlanDifference.between(repair(.prove, both), [elsewhere], []).count == 1)
  }

  @Test func `the digest tells treatments and owners apart`() {
    let digests = [repaired(1, .keepalive), repaired(1, .destroy), repaired(1, .keepalive, pid: 43)].map {
      PlanDigest.of([$0], [])
    }
    #expect(Set(digests).count == 3)
  }

  @Test(arguments: [
    (RepairMethod.prove, [SocketTreatment.keepalive], false), (.prove, [.keepalive, .userTimeout], true),
    (.prove, [.destroy], true), (.close, [.destroy], true), (.unstick, [.userTimeout, .discoveryOff], false),
  ])
  func `only what closes connections needs new ones to succeed`(
    method: RepairMethod, treatments: [SocketTreatment], isNeeded: Bool
  ) {
    let targets = treatments.map { repaired(1, $0) }
    #expect(repair(method, targets).request.opensConnections(in: targets) == isNeeded)
  }

  @Test(arguments: [
    ([SocketTreatment.keepalive], Verdict.Outcome.healed, 1001.5, true), ([.discoveryOff], .aborted, 1001.5, true),
    ([.keepalive, .destroy], .healed, 1060, false), ([.keepalive, .destroy], .healed, 1062, true),
    ([.userTimeout], .aborted, 1600, false),
  ])
  func `a repair that closes nothing needs no pause after it`(
    treatments: [SocketTreatment], outcome: Verdict.Outcome, now: Double, isAdmitted: Bool
  ) throws {
    var ledger = ActionLedger()
    ledger.store(repair(.prove, treatments.enumerated().map { repaired(UInt16($0.offset), $0.element) }), at: at(1000))
    let request = ExecuteRequest(plan: "p-1", idempotencyKey: "k", reason: nil)
    _ = try ledger.admit(request, by: alice, as: "a-1", at: at(1000))
    ledger.finish(
      "a-1", with: Verdict(outcome: outcome, endedAt: at(1001), duration: .seconds(1), comparisons: [], notes: []))
    var wasAdmitted = true
    do throws(Refusal) {
      try ledger.admit(.repair, on: "orders", at: at(now))
    } catch {
      wasAdmitted = false
    }
    #expect(wasAdmitted == isAdmitted)
  }

  @Test func `the audit says how, and on how many`() {
    #expect(
      repair(.prove, [repaired(1, .keepalive), repaired(2, .keepalive), repaired(3, .destroy, isDead: true)]).extent
        == "prove 3 connections (destroy 1, keepalive 2)")
  }

  @Test(arguments: [
    (RepairMethod?.none, "deptop repair orders --method prove"), (.unstick, "deptop repair orders --method unstick"),
    (.close, "deptop repair orders --method close --scope idle"),
  ])
  func `the equivalent command is named`(method: RepairMethod?, command: String) {
    let request = PlanRequest(verb: .repair, dependency: "orders", scope: .idle, repair: method)
    let preparation = Preparation(
      targets: [repaired(1, .keepalive)], lines: [], confirmation: .key, drainTimeout: .seconds(1))
    let plan = PlanDraft(preparation, destinations: []).plan(for: request, createdAt: at(1))
    #expect(plan.lines.last == PlanLine("same as", command))
  }

  @Test func `new connections go where the namespace of the replaced ones resolves to`() {
    var dependency = Dependency(id: "orders", kind: nil, host: "db.lab", port: 5432, origin: .configured)
    var own = Resolution(name: "db.lab")
    own.addresses = [address("A")]
    dependency.resolution = own
    var other = Resolution(name: "db.lab")
    other.addresses = [address("B")]
    dependency.views = [ResolutionView(namespace: NamespaceID(5), label: "pod", resolution: other)]
    var inside = repaired(1, .destroy)
    inside.socket?.namespace = NamespaceID(5)
    #expect(dependency.destinations(for: [inside]) == [end("B")])
    #expect(dependency.destinations(for: [repaired(1, .destroy)]) == [end("A")])
    #expect(dependency.destinations(for: [inside, repaired(1, .destroy)]) == [end("A")], "not one namespace alone")
    #expect(dependency.destinations(for: [target(1, to: end("A"))]) == [end("A")])
  }
}
