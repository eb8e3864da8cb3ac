import DeptopConfiguration
import DeptopModel
import Testing

@testable import DeptopCollector

struct SocketConditionsTests {
  private func seen(
    _ port: UInt16, _ signals: SocketSignals, to remote: SocketAddress = end("A"),
    _ change: (inout TCPInfo) -> Void = { _ in }
  ) -> ObservedConnection {
    var seen = connection(local(port), to: remote, change)
    seen.signals = signals
    return seen
  }

  private func conditions(_ seen: [ObservedConnection]) -> SocketConditions {
    SocketConditions(of: seen, at: Array(seen.indices), sweptAt: at(1000), replies: nil)
  }

  @Test func `dead connections are told with their idle times, sizes and addresses`() {
    let counted = conditions([
      seen(1, SocketSignals(.dead, lasting: .seconds(4), idleBefore: .seconds(31), meanRetransmit: 100)) {
        $0.sendMSS = 1448
      },
      seen(2, SocketSignals(.dead, lasting: .seconds(2), idleBefore: .seconds(29), meanRetransmit: 90), to: end("B")),
      seen(3, SocketSignals(.idle, keepalive: .off)),
    ])
    #expect(counted.dead == 2 && counted.deadSince == at(996))
    #expect(counted.deadIdleBefore == [.seconds(29), .seconds(31)])
    #expect(counted.deadMeanRetransmit == 100 && counted.deadSegmentSize == 1448)
    #expect(counted.deadAddresses == [address("A"), address("B")])
  }

  @Test func `requests that wait are counted, the oldest by its moment`() {
    let counted = conditions([
      seen(1, SocketSignals(.waiting, lasting: .seconds(41))), seen(2, SocketSignals(.waiting, lasting: .seconds(3))),
    ])
    #expect(counted.waiting == 2 && counted.waitingSince == at(959))
  }

  @Test func `keepalive is counted by what it is`() {
    let counted = conditions([
      seen(1, SocketSignals(.idle, keepalive: .off)),
      seen(2, SocketSignals(.idle, keepalive: .on(atLeast: .milliseconds(7_199_900)))),
      seen(3, SocketSignals(.idle, keepalive: .on(atLeast: .seconds(60)))),
      seen(4, SocketSignals(.waiting, keepalive: .unknown)),
    ])
    #expect(counted.keepaliveOff == 1 && counted.keepaliveOn == 2 && counted.keepaliveLongest == .seconds(7_200))
  }

  @Test func `a dependency of which nothing changed is equal a second later`() {
    let before = conditions([seen(1, SocketSignals(.waiting, lasting: .milliseconds(41_020)))])
    let after = SocketConditions(
      of: [seen(1, SocketSignals(.waiting, lasting: .milliseconds(42_040)))], at: [0], sweptAt: at(1001.02),
      replies: nil)
    #expect(before == after)
  }

  @Test(arguments: [
    (SocketSignals.Condition.idle, 1), (.zeroWindow, 0), (.waiting, 0), (.keepaliveUnanswered, 0), (.unknown, 1),
  ])
  func `only what nothing is wrong with counts as idle`(condition: SocketSignals.Condition, count: Int) {
    let tally = SocketTally(
      of: [seen(1, SocketSignals(condition))], at: [0], sweptAt: at(1000),
      standing: { _ in SocketStanding(word: .unnamed, leftAt: nil, view: .own) },
      opening: { _ in Opening(at: at(900), isOlder: false) })
    let summary = tally.summary(SocketConditions())
    #expect(summary.idle == count && summary.established == 1 && summary.addresses.first?.idle == count)
  }
}
