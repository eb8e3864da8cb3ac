import DeptopKernel
import DeptopModel
import Testing

@testable import DeptopHelper

@Suite("Checks before a repair") struct RepairCheckTests {
  private let keepalive = RepairStep.keepalive(idle: 30, interval: 10, probes: 5)

  private func sample(inode: UInt32 = 8, unacknowledged: UInt32 = 0, backoff: UInt8 = 0) -> SocketSample {
    var info = TCPInfo()
    info.unacknowledged = unacknowledged
    info.backoff = backoff
    return SocketSample(
      local: Samples.four, remote: Samples.six, state: .established, cookie: 1, inode: inode, info: info)
  }

  @Test func `the same socket of the same process may be repaired`() {
    #expect(RepairCheck.objection(to: .destroy, on: Samples.target(1), now: sample(), start: 99) == nil)
    #expect(RepairCheck.objection(to: keepalive, on: Samples.target(1, .keepalive), now: sample(), start: 99) == nil)
  }

  @Test func `another inode or another process is left alone`() {
    for step in [RepairStep.destroy, keepalive] {
      let target = Samples.target(1, step == .destroy ? .destroy : .keepalive)
      #expect(RepairCheck.objection(to: step, on: target, now: sample(inode: 9), start: 99) == "its inode is 9, not 8")
      #expect(RepairCheck.objection(to: step, on: target, now: sample(), start: nil) != nil)
      #expect(RepairCheck.objection(to: step, on: target, now: sample(), start: 100) != nil)
    }
  }

  @Test func `another socket than was asked for, and a listening one, is left alone`() {
    let changes: [(String, (inout SocketSample) -> Void)] = [
      ("its cookie is 1f, not 1", { $0.cookie = 0x1f }),
      (
        "its ends are 10.0.3.7:5433 -> \(Samples.six), not \(Samples.four) -> \(Samples.six)", { $0.local.port = 5_433 }
      ),
      (
        "its ends are \(Samples.four) -> \(Samples.four), not \(Samples.four) -> \(Samples.six)",
        { $0.remote = Samples.four }
      ),
      ("it has no peer: a listening socket is never touched", { $0.state = .listen }),
    ]
    for (expected, change) in changes {
      var now = sample()
      change(&now)
      #expect(RepairCheck.objection(to: .destroy, on: Samples.target(1), now: now, start: 99) == expected)
      #expect(RepairCheck.objection(to: keepalive, on: Samples.target(1, .keepalive), now: now, start: 99) == expected)
    }
  }

  @Test(arguments: [(0, 0, false), (1, 1, false), (0, 5, false), (1, 2, true), (9, 15, true)])
  func `one that may be closed only while it is dead`(unacknowledged: UInt32, backoff: UInt8, isDead: Bool) {
    let now = sample(unacknowledged: unacknowledged, backoff: backoff)
    let target = Samples.target(1, onlyWhileDead: true)
    #expect((RepairCheck.objection(to: .destroy, on: target, now: now, start: 99) == nil) == isDead)
    var ownerless = Samples.target(1)
    ownerless.socket.pid = 0
    #expect((RepairCheck.objection(to: .destroy, on: ownerless, now: now, start: nil) == nil) == isDead)
  }

  @Test func `one without a known owner is never treated`() {
    var target = Samples.target(1, .keepalive)
    target.socket.pid = 0
    let now = sample(unacknowledged: 1, backoff: 9)
    #expect(RepairCheck.objection(to: keepalive, on: target, now: now, start: nil) != nil)
  }

  @Test func `one that reports nothing of itself is not dead`() {
    var now = sample()
    now.info = nil
    let target = Samples.target(1, onlyWhileDead: true)
    #expect(RepairCheck.objection(to: .destroy, on: target, now: now, start: 99) == "it is alive again")
  }
}
