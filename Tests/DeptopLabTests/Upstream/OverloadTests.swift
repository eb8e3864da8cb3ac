@testable import DeptopLab
import Testing

@Suite struct OverloadTests {
  @Test func `below its capacity an upstream answers every caller`() {
    var crowd = Crowd(ScriptedService(.exact(workers: 1)))
    crowd.call(for: 2000)
    #expect(crowd.answered(from: 1000, to: 2000) >= 80)
  }

  @Test func `an overload stays when its cause is gone, and goes when load is shed until the backlog is worked off`() {
    let healthy = ServiceModel.exact(workers: 1) { $0.queue = 100_000 }
    var (slow, shedding) = (healthy, healthy)
    slow.serviceTime = 0.1
    shedding.queue = 5
    var crowd = Crowd(ScriptedService(healthy))
    crowd.call(for: 1000)
    crowd.lab.service.change(slow)
    crowd.call(for: 1000)
    crowd.lab.service.change(healthy)
    crowd.call(for: 3000)
    #expect(crowd.answered(from: 2000, to: 5000) == 0)
    // It is as busy as can be, for callers who have left.
    #expect(crowd.lab.served.suffix(200).allSatisfy { $0.hasSuffix(" abandoned") })
    crowd.lab.service.change(shedding)
    crowd.call(for: 6000)
    crowd.lab.service.change(healthy)
    crowd.call(for: 3000)
    #expect(crowd.answered(from: 13_000, to: 14_000) >= 80)
  }
}

/// Callers of which one comes every 12 ms, gives up after 100 ms, and then tries once more.
private struct Crowd {
  let lab: ScriptedService
  private var waiting: [(peer: ScriptedPeer, since: Int, isRetry: Bool)] = []
  private var answers: [Int] = []
  private var now = 0

  init(_ lab: ScriptedService) {
    self.lab = lab
  }

  /// Lets that many milliseconds pass.
  mutating func call(for time: Int) {
    for _ in 0..<time {
      if now.isMultiple(of: 12) { begin(isRetry: false) }
      lab.wait(milliseconds: 1)
      now += 1
      leave()
    }
  }

  /// Callers who were answered without an error in a span of milliseconds.
  func answered(from start: Int, to end: Int) -> Int {
    answers.count { (start..<end).contains($0) }
  }

  private mutating func begin(isRetry: Bool) {
    let peer = lab.connect()
    waiting.append((peer, now, isRetry))
    lab.send("call-\(now)", from: peer)
  }

  private mutating func leave() {
    answers += waiting.filter { $0.peer.answers.contains { !$0.hasSuffix("!") } }.map { _ in now }
    waiting.removeAll { !$0.peer.answers.isEmpty }
    let late = waiting.filter { now - $0.since >= 100 }
    waiting.removeAll { now - $0.since >= 100 }
    for caller in late {
      lab.service.closed(caller.peer)
      if !caller.isRetry { begin(isRetry: true) }
    }
  }
}
