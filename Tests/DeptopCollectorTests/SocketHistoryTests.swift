import DeptopConfiguration
import DeptopModel
import Testing

@testable import DeptopCollector

struct SocketHistoryTests {
  /// A connection that last moved data so many milliseconds ago, either way.
  private func quiet(
    _ sent: UInt32, _ received: UInt32, _ signals: SocketSignals = SocketSignals(.idle), acknowledged: UInt32? = nil
  ) -> ObservedConnection {
    var seen = connection(local(1), to: end("A")) { info in
      info.lastDataSentMilliseconds = sent
      info.lastDataReceivedMilliseconds = received
      info.lastAckReceivedMilliseconds = acknowledged ?? received
    }
    seen.signals = signals
    return seen
  }

  private func past(_ sweeps: [ObservedConnection]...) -> RemoteHistory? {
    var history = SocketHistory()
    for (tick, sweep) in sweeps.enumerated() { history.record(sweep, at: at(Double(100 + tick))) }
    return history.remotes[RemotePlace(end("A"))]
  }

  private func closed(_ sent: UInt32, _ received: UInt32, at time: Double = 100, isUnseen: Bool = false)
    -> ClosedConnection
  {
    var info = TCPInfo()
    info.unacknowledged = 1
    info.lastDataSentMilliseconds = sent
    info.lastDataReceivedMilliseconds = received
    return ClosedConnection(
      namespace: .own, local: local(1), remote: end("A"), cookie: 1, at: at(time), isUnseen: isUnseen, info: info)
  }

  @Test func `a silence that ends with data received was survived`() {
    #expect(past([quiet(9_000, 8_990)], [quiet(10, 5)])?.survivedIdle == .milliseconds(8_990))
  }

  @Test func `a silence that keepalive broke was none on the way`() {
    #expect(past([quiet(90_000, 90_000, acknowledged: 900)], [quiet(10, 5)])?.survivedIdle == nil)
  }

  @Test func `a send without an answer proves nothing, and a short silence neither`() {
    #expect(past([quiet(9_000, 8_990)], [quiet(10, 9_990)])?.survivedIdle == nil)
    #expect(past([quiet(900, 890)], [quiet(10, 5)])?.survivedIdle == nil)
  }

  @Test func `the silence before a stuck send was not survived, and counts once`() {
    let dead = quiet(10, 40_000, SocketSignals(.dead, idleBefore: .seconds(31)))
    let past = past([quiet(30_000, 30_000)], [dead], [dead])
    #expect(past?.failedIdle == .seconds(31))
    #expect(past?.survivedIdle == nil)
  }

  @Test func `the shortest silence that failed and the longest that did not bracket the path's timeout`() {
    var history = RemoteHistory()
    for (failed, survived) in [(44, 12), (31, 29), (38, 20)] {
      history.recordFailed(.seconds(failed), at: at(100))
      history.recordSurvived(.seconds(survived), at: at(100))
    }
    #expect(history.failedIdle == .seconds(31) && history.survivedIdle == .seconds(29))
    history.expire(at: at(100 + 1801))
    #expect(history.isEmpty)
  }

  @Test func `ends are counted for ten minutes, resets after idle by their idle times`() throws {
    var history = SocketHistory()
    history.record([closed(4, 6_004), closed(300, 400), closed(2, 31_002, isUnseen: true)], at: at(100))
    let summary = try #require(history.remotes[RemotePlace(end("A"))]?.closings)
    #expect(summary.closed == 3 && summary.unseen == 1 && summary.resetAfterIdle == 2)
    #expect(summary.shortestIdle == .milliseconds(6_000) && summary.longestIdle == .milliseconds(31_000))
    #expect(history.remotes[RemotePlace(end("A"))]?.failedIdle == .milliseconds(6_000))
    var later = history
    later.record([ObservedConnection](), at: at(100 + 601))
    #expect(later.remotes[RemotePlace(end("A"))]?.closings == nil)
  }

  @Test(arguments: [(2_000, 8_000), (4, 4_000), (4, 10)] as [(UInt32, UInt32)])
  func `an end long after the send, or after a short silence, is not laid to idle time`(sent: UInt32, received: UInt32)
  {
    #expect(closed(sent, received).idleBeforeReset == nil)
  }

  @Test func `an end with nothing outstanding is not laid to idle time`() {
    var end = closed(4, 6_004)
    end.info?.unacknowledged = 0
    #expect(end.idleBeforeReset == nil)
  }

  @Test(arguments: [(200, 101, true), (200, 201, false), (200, 0, false)] as [(UInt64, UInt64, Bool)])
  func `after a reset only the bytes tell that a send was lost`(sent: UInt64, acknowledged: UInt64, isLost: Bool) {
    var end = closed(4, 6_004)
    end.info?.unacknowledged = 0
    end.info?.bytesAcknowledged = acknowledged
    var accounting = TCPAccounting()
    accounting.bytesSent = sent
    end.info?.accounting = accounting
    #expect((end.idleBeforeReset != nil) == isLost)
  }

  @Test func `remotes are bounded, and what says nothing any more is let go of`() {
    var history = SocketHistory()
    let many = (0..<UInt32(SocketHistory.remotesKept + 10)).map { number in
      var end = closed(4, 6_004)
      end.remote = SocketAddress(IPAddress(v4: 0x0a10_0000 + number), port: 1)
      return end
    }
    history.record(many, at: at(100))
    #expect(history.remotes.count == SocketHistory.remotesKept)
    history.record([ObservedConnection](), at: at(10_000))
    #expect(history.remotes.isEmpty)
  }

  @Test func `reply times are kept for a minute`() throws {
    var history = RemoteHistory()
    for (second, took) in [(0, 900), (50, 10), (70, 12), (71, 30)] {
      history.recordReply(.milliseconds(took), at: at(Double(100 + second)))
    }
    history.expire(at: at(175))
    let estimate = try #require(ReplyEstimate(of: history.replyTimes, resolution: .seconds(1)))
    #expect(estimate.samples == 2 + 1 && estimate.median == .milliseconds(12) && estimate.slowest == .milliseconds(30))
    #expect(ReplyEstimate(of: [], resolution: .seconds(1)) == nil)
  }

  @Test func `a row that comes again as it was counts its reply once`() {
    var seen = quiet(300, 290, SocketSignals(.idle, lastReply: .milliseconds(10)))
    seen.sampledAt = at(100)
    var history = SocketHistory()
    history.record([seen], at: at(100.1))
    history.record([seen], at: at(101.1))
    #expect(history.remotes[RemotePlace(end("A"))]?.replyTimes == [.milliseconds(10)])
    seen.sampledAt = at(102)
    history.record([seen], at: at(102.1))
    #expect(history.remotes[RemotePlace(end("A"))]?.replyTimes.count == 2)
  }

  @Test func `a loopback address has a past in each namespace`() {
    var history = SocketHistory()
    var end = closed(4, 6_004)
    end.remote = SocketAddress(IPAddress(v4: 0x7f00_0001), port: 6379)
    end.namespace = NamespaceID(7)
    history.record([end], at: at(100))
    #expect(history.remotes.keys.map(\.namespace) == [NamespaceID(7)])
  }

  @Test func `what only tells of silences makes room`() {
    var history = SocketHistory()
    let many = (0..<UInt32(SocketHistory.remotesKept)).map { number in
      var seen = quiet(9_000, 9_000)
      seen.sample.remote = SocketAddress(IPAddress(v4: 0x0a10_0000 + number), port: 1)
      seen.sample.cookie = UInt64(number)
      return seen
    }
    history.record(many, at: at(100))
    let moved = many.map { seen in
      var seen = seen
      seen.sample.info?.lastDataSentMilliseconds = 10
      seen.sample.info?.lastDataReceivedMilliseconds = 5
      return seen
    }
    history.record(moved, at: at(101))
    #expect(history.remotes.count == SocketHistory.remotesKept)
    history.record([closed(4, 6_004)], at: at(102))
    #expect(history.remotes[RemotePlace(end("A"))]?.closings?.closed == 1)
    #expect(history.remotes.count == SocketHistory.remotesKept)
  }
}
