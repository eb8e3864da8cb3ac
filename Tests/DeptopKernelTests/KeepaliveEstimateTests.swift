import DeptopKernel
import DeptopModel
import Testing

/// A keepalive timer as the kernel drives it, looked at once a second.
@Suite("Keepalive estimate")
struct KeepaliveEstimateTests {
  private var past = SocketPast(isComplete: false)
  private var time = WallTime(secondsSinceEpoch: 1_000)
  private var sample: SocketSample

  init() throws {
    let address = SocketAddress(try #require(IPAddress("10.0.0.1")), port: 1)
    sample = SocketSample(local: address, remote: address, state: .established, cookie: 1, info: TCPInfo())
  }

  /// One look; milliseconds on the timer and since something came in.
  private mutating func look(
    timer: SocketTimer = .keepalive, left: UInt32, silence: UInt32, bytes: UInt64 = 0, unanswered: UInt8 = 0,
    after pause: Duration = .seconds(1), unacknowledged: UInt32 = 0
  ) -> SocketSignals.Keepalive {
    time = time + pause
    sample.timer = timer
    sample.timerExpires = left
    sample.timerRetransmits = unanswered
    sample.info?.lastDataReceivedMilliseconds = silence
    sample.info?.lastAckReceivedMilliseconds = silence
    sample.info?.lastDataSentMilliseconds = silence
    sample.info?.bytesReceived += bytes
    sample.info?.unacknowledged = unacknowledged
    let signals = past.signals(of: sample, at: time)
    past.remember(sample, signals, at: time)
    return signals.keepalive
  }

  @Test mutating func `what is left and the silence make the time`() {
    // 77 s were set 350 ms ago.
    #expect(look(left: 76_648, silence: 350) == .on(atLeast: .milliseconds(76_998)))
  }

  @Test mutating func `traffic after the timer was armed takes nothing away`() {
    #expect(look(left: 30_000, silence: 0) == .on(atLeast: .seconds(30)))
    #expect(look(left: 29_000, silence: 100, bytes: 10) == .on(atLeast: .seconds(30)))
    #expect(look(left: 28_000, silence: 1_100) == .on(atLeast: .seconds(30)))
  }

  @Test mutating func `an estimate made after traffic grows when the timer is armed anew`() {
    #expect(look(left: 12_000, silence: 500) == .on(atLeast: .milliseconds(12_500)))
    // It fired with 12.5 s of silence, and was armed for what is left of 30.
    #expect(look(left: 17_000, silence: 13_000, after: .milliseconds(12_500)) == .on(atLeast: .seconds(30)))
  }

  @Test mutating func `a shorter time that is set is taken over`() {
    #expect(look(left: 7_100_000, silence: 100_000) == .on(atLeast: .seconds(7_200)))
    #expect(look(left: 19_500, silence: 101_000) == .on(atLeast: .milliseconds(120_500)))
    // Also on a connection in use.
    _ = look(left: 7_199_000, silence: 1_000)
    #expect(look(left: 19_900, silence: 100, bytes: 10) == .on(atLeast: .seconds(20)))
  }

  @Test mutating func `a probe that was answered leaves the estimate`() {
    #expect(look(left: 500, silence: 59_500) == .on(atLeast: .seconds(60)))
    // The probe went out and came back: the timer runs for the probes' interval.
    #expect(look(left: 9_500, silence: 499) == .on(atLeast: .seconds(60)))
    #expect(look(left: 8_500, silence: 1_499) == .on(atLeast: .seconds(60)))
  }

  @Test mutating func `another timer hides it, and no timer means none`() {
    #expect(look(timer: .retransmit, left: 200, silence: 0, unacknowledged: 1) == .unknown)
    #expect(look(left: 60_000, silence: 0) == .on(atLeast: .seconds(60)))
    #expect(look(timer: .retransmit, left: 200, silence: 900, unacknowledged: 1) == .on(atLeast: .seconds(60)))
    #expect(look(left: 5_000, silence: 60_900, unanswered: 1) == .on(atLeast: .seconds(60)))
    #expect(look(timer: .none, left: 0, silence: 0) == .off)
  }

  @Test mutating func `figures of any size are taken`() {
    #expect(look(left: .max, silence: .max) == .on(atLeast: .milliseconds(Int64(UInt32.max))))
    time = WallTime(secondsSinceEpoch: .infinity)
    #expect(look(left: 1, silence: 1, bytes: 1) == .on(atLeast: .milliseconds(2)))
  }
}
