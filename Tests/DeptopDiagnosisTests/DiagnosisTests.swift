import DeptopDiagnosis
import DeptopModel
import Testing

struct DiagnosisTests {
  @Test func `four mechanisms on one dependency are open at the second tick, and told apart by words`() {
    var sick = dependency()
    sick.pools = [
      Reading(reported: PoolReading(client: "app", active: 4, idle: 0, pending: 9, max: 4, oldestWait: .seconds(2)))
    ]
    sick.breakers = [Reading(reported: BreakerReading(client: "app", state: .open, since: moment))]
    sick.calls = Reading(
      reported: CallReading(
        window: .seconds(10), counts: CallTotals(requests: 100, attempts: 300, timeouts: [.deadline: 40])))
    var diagnosis = Diagnosis()
    let first = diagnosis.findings(for: [sick], at: moment)
    #expect(first.count == 4)
    #expect(first.allSatisfy { $0.state == .pending })
    let second = diagnosis.findings(for: [sick], at: moment + .seconds(1))
    #expect(second.allSatisfy { $0.state == .open })
    for words in ["retry storm", "pool exhaustion", "deadline exhaustion", "breaker open"] {
      #expect(second.count { $0.text.hasPrefix(words) } == 1)
    }
  }
}
