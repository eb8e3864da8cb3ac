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
    PlanDifference.between(repair(.prove, [old]), [new], [], present: [])
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
        == "\(place) needs no repair any more")
  }

  @Test func `the same ends in another namespace are another connection`() {
    var elsewhere = repaired(1, .keepalive)
    elsewhere.socket?.namespace = NamespaceID(5)
    elsewhere.cookie = "1@5"
    let both = [repaired(1, .keepalive), elsewhere]
    #expect(PlanDifference.between(repair(.prove, both), both.reversed(), [], present: []).isEmpty)
    #expect(PlanDifference.between(repair(.prove, [both[0]]), [elsewhere], [], present: []).count == 1)
  }

  @Test func `less to do and others that could be treated are no difference, what works again is one`() {
    let planned = repair(.close, [repaired(1, .destroy, isDead: true), repaired(2, .destroy, isDead: true)])
    let difference = { (now: [PlanTarget], present: Set<String>) in
      PlanDifference.between(planned, now, [], present: present)
    }
    let (one, other) = (planned.targets[0], planned.targets[1])
    #expect(difference([one], [one.cookie]).isEmpty)
    #expect(difference([one, other, repaired(3, .destroy, isDead: true)], []).isEmpty)
    #expect(
      difference([one], [one.cookie, other.cookie])
        == ["connection \(other.local) → \(other.remote) is not to be treated any more"])
    #expect(difference([], []).count == 2)
    let idle = repair(.prove, [repaired(1, .keepalive), repaired(2, .keepalive)])
    #expect(PlanDifference.between(idle, [idle.targets[0]], [], present: [idle.targets[1].cookie]).isEmpty)
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

struct PreflightTests {
  private func attempts(_ letter: Character, fail: Bool) -> [ConnectAttempt] {
    (1...3).map { _ in
      ConnectAttempt(
        address: end(letter), duration: fail ? nil : .milliseconds(1), failure: fail ? "timed out after 1.0 s" : nil)
    }
  }

  private func dead(on letter: Character) -> PlanTarget {
    var made = target(1, to: end(letter))
    made.isDead = true
    return made
  }

  private func draft(_ targets: [PlanTarget], bad: [Character]) throws(Refusal) -> PlanDraft {
    let preparation = Preparation(targets: targets, lines: [], confirmation: .key, drainTimeout: .seconds(5))
    let letters: [Character] = ["A", "B"]
    return try PlanDraft(
      preparation, destinations: letters.map { end($0) },
      attempts: letters.map { attempts($0, fail: bad.contains($0)) },
      for: .repair)
  }

  @Test func `what is dead may be closed while another address answers`() throws {
    let plan = try draft([dead(on: "A"), target(2, to: end("A"))], bad: ["A"])
      .plan(for: PlanRequest(verb: .repair, dependency: "orders", repair: .close), createdAt: at(0))
    let line = try #require(plan.lines.first { $0.label == "pre-flight" })
    #expect(line.text.hasPrefix("3 of 6 new connections") && line.text.hasSuffix("but nothing is closed that works"))
  }

  @Test func `nothing is closed that works while an address fails, nor anything while all do`() {
    let living = target(1, to: end("B"))
    #expect(throws: Refusal.self) { try draft([living], bad: ["A"]) }
    #expect(throws: Refusal.self) { try draft([dead(on: "A")], bad: ["A", "B"]) }
  }
}
