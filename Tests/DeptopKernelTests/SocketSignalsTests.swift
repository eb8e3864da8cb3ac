import DeptopKernel
import DeptopModel
import Testing

/// The decision table for sockets, row by row.
@Suite("Socket signals")
struct SocketSignalsTests {
  private static let start = WallTime(secondsSinceEpoch: 1_000)
  private static let later = start + .seconds(6)

  /// Idle for five seconds, 17 kB acknowledged, 30 ms busy in its life.
  private var idle: SocketSample {
    get throws {
      let remote = SocketAddress(try #require(IPAddress("10.77.3.2")), port: 5432)
      let local = SocketAddress(try #require(IPAddress("10.77.1.2")), port: 40_000)
      var sample = SocketSample(local: local, remote: remote, state: .established, cookie: 1, inode: 501)
      var info = TCPInfo()
      info.lastDataSentMilliseconds = 5_000
      info.lastDataReceivedMilliseconds = 4_998
      info.lastAckReceivedMilliseconds = 4_998
      info.bytesAcknowledged = 17_001
      info.bytesReceived = 90_000
      info.rtoMicroseconds = 204_000
      info.sendMSS = 1448
      info.totalRetransmits = 2
      var accounting = TCPAccounting()
      accounting.busyMicroseconds = 30_000
      accounting.bytesRetransmitted = 800
      accounting.sendWindow = 64_256
      info.accounting = accounting
      sample.info = info
      return sample
    }
  }

  private func signals(
    after past: [SocketSample], of sample: SocketSample, isComplete: Bool = false, at time: WallTime = later
  ) -> SocketSignals {
    var memory = SocketPast(isComplete: isComplete)
    for (index, sample) in past.enumerated() {
      let moment = Self.start + .seconds(index)
      memory.remember(sample, memory.signals(of: sample, at: moment), at: moment)
    }
    return memory.signals(of: sample, at: time)
  }

  /// A send of 100 bytes after five seconds of silence that nothing answers, 1.84 s later.
  private var evicted: SocketSample {
    get throws {
      var sample = try idle
      sample.timer = .retransmit
      sample.timerRetransmits = 3
      sample.timerExpires = 1_200
      sample.info?.unacknowledged = 1
      sample.info?.backoff = 3
      sample.info?.rtoMicroseconds = 1_632_000
      sample.info?.lastDataSentMilliseconds = 430
      sample.info?.lastDataReceivedMilliseconds = 6_840
      sample.info?.lastAckReceivedMilliseconds = 6_840
      sample.info?.totalRetransmits = 5
      sample.info?.accounting?.busyMicroseconds = 1_870_000
      sample.info?.accounting?.bytesRetransmitted = 1_100
      return sample
    }
  }

  @Test func `a send that nothing answers after a silence is a dead path, with the idle time before it`() throws {
    let signals = signals(after: [try idle], of: try evicted)
    #expect(signals.condition == .dead)
    #expect(signals.unanswered == 3)
    #expect(signals.lasting == .milliseconds(1_840))
    #expect(signals.idleBefore == .milliseconds(5_000))
    #expect(signals.meanRetransmit == 100)
  }

  @Test func `large segments sent again tell a path that takes no large packet`() throws {
    var sample = try evicted
    sample.info?.lastAckReceivedMilliseconds = 1_850
    sample.info?.lastDataReceivedMilliseconds = 1_850
    sample.info?.accounting?.bytesRetransmitted = 800 + 3 * 1448
    let signals = signals(after: [try idle], of: sample)
    #expect(signals.condition == .dead)
    #expect(signals.meanRetransmit == 1448)
    #expect(signals.idleBefore == .milliseconds(10))
  }

  @Test func `what was sent again in an earlier, mended stall does not count`() throws {
    var mended = try idle
    mended.info?.totalRetransmits = 9
    mended.info?.accounting?.bytesRetransmitted = 30_000
    mended.info?.bytesAcknowledged = 18_001
    var dead = try evicted
    dead.info?.bytesAcknowledged = 18_001
    dead.info?.totalRetransmits = 11
    dead.info?.accounting?.bytesRetransmitted = 30_200
    let signals = signals(after: [try idle, mended], of: dead)
    #expect(signals.meanRetransmit == 100)
  }

  @Test func `a path is not dead before data was sent again twice`() throws {
    var sample = try evicted
    sample.info?.backoff = 1
    sample.timerRetransmits = 1
    let signals = signals(after: [try idle], of: sample)
    #expect(signals.condition == .active)
    #expect(signals.unanswered == 1)
    #expect(signals.idleBefore == nil)
  }

  @Test func `a path on which acknowledgements come is not dead`() throws {
    var before = try evicted
    before.info?.backoff = 2
    var progressed = try evicted
    progressed.info?.bytesAcknowledged = 18_449
    progressed.info?.lastAckReceivedMilliseconds = 20
    #expect(signals(after: [try idle, before], of: progressed).condition == .active)
    // Without progress, what the peer acknowledges besides does not save it.
    progressed.info?.bytesAcknowledged = 17_001
    #expect(signals(after: [try idle, before], of: progressed).condition == .dead)
  }

  @Test func `sweeps that are close together do not make a path dead sooner`() throws {
    var stuck = try evicted
    stuck.info?.lastAckReceivedMilliseconds = 20
    var memory = SocketPast(isComplete: false)
    var conditions: [SocketSignals.Condition] = []
    for milliseconds in stride(from: 0, through: 600, by: 50) {
      let moment = Self.start + .milliseconds(milliseconds)
      let signals = memory.signals(of: stuck, at: moment)
      memory.remember(stuck, signals, at: moment)
      conditions.append(signals.condition)
    }
    #expect(conditions.prefix(10).allSatisfy { $0 == .active } && conditions.suffix(3).allSatisfy { $0 == .dead })
  }

  @Test func `a connection that was dead before the first sweep is told from its pauses`() throws {
    var sample = try evicted
    sample.info?.accounting = nil
    // Three pauses of 204, 408 and 816 ms are over, and 432 of the 1,632 ms of the fourth.
    let bare = signals(after: [], of: sample)
    #expect(bare.condition == .dead)
    #expect(bare.lasting == .milliseconds(1_428 + 432))
    #expect(bare.idleBefore == .milliseconds(6_840 - 1_860))
    #expect(bare.meanRetransmit == nil)
    // All that it ever sent again is what is stuck.
    sample.info?.totalRetransmits = 3
    sample.info?.accounting = TCPAccounting()
    sample.info?.accounting?.bytesRetransmitted = 300
    sample.info?.accounting?.sendWindow = 64_256
    #expect(signals(after: [], of: sample).meanRetransmit == 100)
    sample.info?.totalRetransmits = 8
    #expect(signals(after: [], of: sample).meanRetransmit == nil)
  }

  @Test func `a connection whose whole life was seen counts from its beginning`() throws {
    var sample = try evicted
    sample.info?.totalRetransmits = 3
    sample.info?.accounting?.bytesRetransmitted = 300
    let signals = signals(after: [], of: sample, isComplete: true)
    #expect(signals.lasting == .milliseconds(1_870))
    #expect(signals.meanRetransmit == 100)
  }

  @Test func `a pause at its longest tells no age`() throws {
    var sample = try evicted
    sample.info?.accounting = nil
    sample.info?.backoff = 12
    sample.info?.rtoMicroseconds = 120_000_000
    let signals = signals(after: [], of: sample)
    #expect(signals.condition == .dead)
    #expect(signals.lasting == nil)
    #expect(signals.idleBefore == nil)
  }

  @Test func `a busy counter that has passed 32 bits still gives its growth`() throws {
    var before = try idle
    var dead = try evicted
    before.info?.accounting?.busyMicroseconds = 4_294_967_290_000
    dead.info?.accounting?.busyMicroseconds = 4_294_967_290_000 + 1_840_000
    #expect(signals(after: [before], of: dead).lasting == .milliseconds(1_840))
  }

  @Test func `what this host itself holds back is laid to neither the peer nor the path`() throws {
    var sample = try idle
    sample.timer = .zeroWindowProbe
    sample.timerRetransmits = 4
    sample.info?.notSentBytes = 100
    sample.info?.accounting?.sendWindow = 65_536
    sample.info?.lastDataSentMilliseconds = 300
    #expect(SocketPast(isComplete: false).signals(of: sample, at: Self.start).condition == .active)
  }

  @Test func `a peer whose window is closed takes no more data, which is not a dead path`() throws {
    var sample = try idle
    sample.timer = .zeroWindowProbe
    sample.timerRetransmits = 4
    sample.info?.backoff = 4
    sample.info?.notSentBytes = 90_000
    sample.info?.accounting?.sendWindow = 0
    var memory = SocketPast(isComplete: false)
    let first = memory.signals(of: sample, at: Self.start)
    #expect(first.condition == .zeroWindow)
    #expect(first.lasting == .zero)
    #expect(first.unanswered == 4)
    memory.remember(sample, first, at: Self.start)
    sample.timer = .retransmit
    sample.info?.unacknowledged = 1
    let second = memory.signals(of: sample, at: Self.later)
    #expect(second.condition == .zeroWindow)
    #expect(second.lasting == .seconds(6))
    // A closed window with nothing to send is no trouble.
    sample.timer = .none
    sample.info?.unacknowledged = 0
    sample.info?.notSentBytes = 0
    #expect(memory.signals(of: sample, at: Self.later).condition == .idle)
  }

  @Test(arguments: [(5_000, 5_006, true), (5_000, 5_005, false), (5_000, 4_000, false), (1, 7, true)])
  func `a request waits when the last byte went out, by more than 5 ms`(sent: UInt32, received: UInt32, waits: Bool)
    throws
  {
    var sample = try idle
    sample.info?.lastDataSentMilliseconds = sent
    sample.info?.lastDataReceivedMilliseconds = received
    sample.info?.lastAckReceivedMilliseconds = received
    let signals = signals(after: [try idle], of: sample)
    #expect(signals.condition == (waits ? .waiting : .idle))
    if waits { #expect(signals.lasting == .milliseconds(Int(sent))) }
  }

  @Test func `a request on a fresh connection waits, however soon it was sent`() throws {
    var sample = try idle
    sample.info?.bytesReceived = 0
    sample.info?.bytesAcknowledged = 101
    sample.info?.lastDataSentMilliseconds = 3_000
    sample.info?.lastDataReceivedMilliseconds = 3_001
    #expect(signals(after: [], of: sample).lasting == .seconds(3))
    sample.info?.bytesAcknowledged = 1
    #expect(signals(after: [], of: sample).condition == .idle)
  }

  @Test func `an idle connection says for how long, and that it has no keepalive`() throws {
    let signals = signals(after: [], of: try idle)
    #expect(signals == SocketSignals(.idle, lasting: .milliseconds(4_998), keepalive: .off))
  }

  @Test func `data under way that is acknowledged is activity`() throws {
    var sample = try idle
    sample.timer = .retransmit
    sample.info?.unacknowledged = 3
    #expect(signals(after: [try idle], of: sample).condition == .active)
    var unsent = try idle
    unsent.info?.notSentBytes = 100
    #expect(signals(after: [try idle], of: unsent).condition == .active)
  }

  @Test func `keepalive probes without an answer are told`() throws {
    var sample = try idle
    sample.timer = .keepalive
    sample.timerExpires = 400
    sample.timerRetransmits = 2
    let signals = signals(after: [try idle], of: sample)
    #expect(signals.condition == .keepaliveUnanswered)
    #expect(signals.unanswered == 2)
  }

  @Test func `a connection that is being opened says nothing of its times`() throws {
    var sample = try idle
    sample.state = .synSent
    sample.timer = .retransmit
    sample.info?.lastDataSentMilliseconds = 936_060
    sample.info?.lastDataReceivedMilliseconds = 936_060
    #expect(signals(after: [], of: sample) == SocketSignals(.connecting))
    sample.timerRetransmits = 2
    #expect(signals(after: [], of: sample) == SocketSignals(.connectUnanswered, unanswered: 2))
  }

  @Test func `the age of a peer's end is that of its last word, and grows whatever comes after`() throws {
    var sample = try idle
    sample.state = .closeWait
    sample.receiveQueue = 1
    sample.info?.lastDataReceivedMilliseconds = 60_000
    sample.info?.lastAckReceivedMilliseconds = 500
    var memory = SocketPast(isComplete: false)
    let first = memory.signals(of: sample, at: Self.start)
    #expect(first == SocketSignals(.peerClosed, lasting: .milliseconds(500)))
    memory.remember(sample, first, at: Self.start)
    sample.info?.lastAckReceivedMilliseconds = 10
    #expect(memory.signals(of: sample, at: Self.later).lasting == .milliseconds(6_500))
  }

  @Test(arguments: [SocketState.finWait1, .finWait2, .lastAck, .closing, .timeWait, .close])
  func `a connection that is being closed is nothing else`(state: SocketState) throws {
    var sample = try evicted
    sample.state = state
    #expect(signals(after: [try idle], of: sample) == SocketSignals(.closing))
  }

  @Test func `without figures nothing is claimed`() throws {
    var sample = try idle
    sample.info = nil
    #expect(signals(after: [], of: sample) == SocketSignals(.unknown))
    sample.state = .closeWait
    #expect(signals(after: [], of: sample) == SocketSignals(.peerClosed))
  }

  @Test func `an old kernel's figures give all but what needs the later ones`() throws {
    var before = try idle
    before.info?.accounting = nil
    var dead = try evicted
    dead.info?.accounting = nil
    let signals = signals(after: [before], of: dead)
    #expect(signals.condition == .dead)
    #expect(signals.meanRetransmit == nil)
    #expect(signals.lasting == .milliseconds(1_860))
  }

  @Test func `an exchange between two sweeps gives the time of its reply, once`() throws {
    var sample = try idle
    sample.info?.bytesAcknowledged += 100
    sample.info?.bytesReceived += 5_000
    sample.info?.lastDataSentMilliseconds = 310
    sample.info?.lastDataReceivedMilliseconds = 80
    #expect(signals(after: [try idle], of: sample).lastReply == .milliseconds(230))
    #expect(signals(after: [try idle, sample], of: sample).lastReply == nil)
    // Of the first sweep it is not known when it was.
    #expect(signals(after: [], of: sample).lastReply == nil)
    #expect(signals(after: [], of: sample, isComplete: true).lastReply == .milliseconds(230))
  }

  @Test func `a reply to a request that was seen waiting counts whole`() throws {
    var waiting = try idle
    waiting.info?.bytesAcknowledged += 100
    waiting.info?.lastDataSentMilliseconds = 900
    waiting.info?.lastDataReceivedMilliseconds = 4_000
    var answered = waiting
    answered.info?.bytesReceived += 10
    answered.info?.lastDataSentMilliseconds = 1_900
    answered.info?.lastDataReceivedMilliseconds = 400
    #expect(signals(after: [try idle, waiting], of: answered).lastReply == .milliseconds(1_500))
  }

  @Test func `what the peer says unasked is no reply`() throws {
    var pushed = try idle
    pushed.info?.bytesReceived += 10
    pushed.info?.lastDataReceivedMilliseconds = 3
    #expect(signals(after: [try idle], of: pushed).lastReply == nil)
  }
}
