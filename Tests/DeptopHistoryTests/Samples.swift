import DeptopHistory
import DeptopModel

/// An audit entry at a second, with every field that a finished action has.
func sampleEntry(
  _ second: Double, _ event: AuditEntry.Event = .finished, dependency: DependencyID = "orders-db",
  action: ActionID? = "a1"
) -> AuditEntry {
  AuditEntry(
    at: WallTime(secondsSinceEpoch: second), actor: Actor(uid: 1000, pid: 42, user: "alice"), event: event,
    verb: .drain, dependency: dependency, plan: "p1", action: action, reason: "failover drill",
    result: "healed in 9.4 s", duration: .seconds(9.4))
}

/// Answers with one address, which was seen from the second 10 to the given one.
func sampleAnswers(_ address: String, seenUntil second: Double = 1000, answers: Int = 1) throws -> RememberedAnswers {
  RememberedAnswers(
    answers: answers, firstAnsweredAt: WallTime(secondsSinceEpoch: 10),
    history: [try sampleAddress(address, seenUntil: second)], changes: [])
}

/// The history of one address.
func sampleAddress(_ address: String, seenUntil second: Double) throws -> AddressHistory {
  AddressHistory(
    address: try parse(address), firstSeenAt: WallTime(secondsSinceEpoch: 10),
    lastSeenAt: WallTime(secondsSinceEpoch: second), leftAt: WallTime(secondsSinceEpoch: second + 5), absences: 3,
    returns: 1)
}

/// A change from one address to another.
func sampleChange(at second: Double, from: [String], to: [String]) throws -> AnswerChange {
  AnswerChange(at: WallTime(secondsSinceEpoch: second), from: try from.map(parse), to: try to.map(parse))
}

private func parse(_ text: String) throws -> IPAddress {
  guard let address = IPAddress(text) else { throw NotAnAddress(text: text) }
  return address
}

private struct NotAnAddress: Error {
  let text: String
}
