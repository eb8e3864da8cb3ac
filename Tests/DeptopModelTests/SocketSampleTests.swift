import DeptopModel
import Testing

struct SocketSampleTests {
  private func sample(
    sent: UInt32, received: UInt32, acknowledged: UInt32? = nil, unacknowledged: UInt32 = 0, port: UInt16 = 1
  ) throws -> SocketSample {
    var info = TCPInfo()
    info.lastDataSentMilliseconds = sent
    info.lastDataReceivedMilliseconds = received
    info.lastAckReceivedMilliseconds = acknowledged ?? received
    info.unacknowledged = unacknowledged
    info.bytesReceived = 30
    let address = SocketAddress(try #require(IPAddress("10.0.0.1")), port: port)
    return SocketSample(local: address, remote: address, state: .established, cookie: 1, info: info)
  }

  @Test func `a request without a reply is awaited since it was sent`() throws {
    #expect(try sample(sent: 3000, received: 60_000).awaitingReply == .seconds(3))
    #expect(try !sample(sent: 3000, received: 60_000).isIdle)
  }

  @Test func `a reply ends the wait`() throws {
    #expect(try sample(sent: 3000, received: 2990).awaitingReply == nil)
    #expect(try sample(sent: 3000, received: 2990).isIdle)
  }

  @Test func `the reply's own acknowledgement within 5 ms is no request`() throws {
    #expect(try sample(sent: 3000, received: 3004).awaitingReply == nil)
  }

  @Test func `a request that followed the last reply at once is told by its later acknowledgement`() throws {
    #expect(try sample(sent: 2008, received: 2008, acknowledged: 1964, port: 5432).awaitingReply == .milliseconds(2008))
    #expect(try sample(sent: 2004, received: 2008, acknowledged: 1964, port: 6379).awaitingReply == .milliseconds(2004))
  }

  @Test(arguments: [(2004, 2004, 5432), (90_000, 2_000, 5432), (2008, 1964, 443), (2008, 1964, 9999)])
  func `without one, or one of keepalive, or where the peer speaks unasked, nothing is claimed`(
    moved: UInt32, acknowledged: UInt32, port: UInt16
  ) throws {
    #expect(try sample(sent: moved, received: moved, acknowledged: acknowledged, port: port).awaitingReply == nil)
  }

  @Test func `what is not acknowledged is neither idle nor awaited`() throws {
    let stuck = try sample(sent: 3000, received: 60_000, unacknowledged: 1)
    #expect(stuck.awaitingReply == nil)
    #expect(!stuck.isIdle)
  }

  @Test func `what is sent again in vain moves no data`() throws {
    var stuck = try sample(sent: 900, received: 21_000, unacknowledged: 1)
    #expect(stuck.quiet == .milliseconds(900))
    stuck.timer = .retransmit
    stuck.info?.backoff = 3
    #expect(stuck.quiet == .seconds(21))
  }

  @Test func `no sample of the round-trip time is unknown and not zero`() throws {
    #expect(try sample(sent: 1, received: 1).rtt == nil)
  }
}
