import DeptopModel
import Testing

struct SocketSampleTests {
  private func sample(sent: UInt32, received: UInt32, unacknowledged: UInt32 = 0) throws -> SocketSample {
    var info = TCPInfo()
    info.lastDataSentMilliseconds = sent
    info.lastDataReceivedMilliseconds = received
    info.unacknowledged = unacknowledged
    let address = SocketAddress(try #require(IPAddress("10.0.0.1")), port: 1)
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

  @Test func `what is not acknowledged is neither idle nor awaited`() throws {
    let stuck = try sample(sent: 3000, received: 60_000, unacknowledged: 1)
    #expect(stuck.awaitingReply == nil)
    #expect(!stuck.isIdle)
  }

  @Test func `no sample of the round-trip time is unknown and not zero`() throws {
    #expect(try sample(sent: 1, received: 1).rtt == nil)
  }
}
