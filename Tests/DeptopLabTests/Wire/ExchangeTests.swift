import NIOCore
import NIOEmbedded
import Synchronization
import Testing

@testable import DeptopLab

@Suite struct ExchangeTests {
  private enum Ending: Sendable, CaseIterable {
    case timedOut, closed, overtaken
  }

  /// A caller gives up on a connection from within the failure of what it asked, as a pool does.
  private func end(_ channel: EmbeddedChannel, _ ending: Ending) throws -> Int {
    let failures = Mutex(0)
    let first = channel.eventLoop.makePromise(of: ExchangeAnswer.self)
    first.futureResult.whenFailure { _ in
      failures.withLock { $0 += 1 }
      channel.close(promise: nil)
    }
    channel.writeAndFlush(Exchange(message: .request(id: "web-1.1", bytes: 100), answer: first), promise: nil)
    switch ending {
    case .timedOut: channel.pipeline.fireErrorCaught(IOError(errnoCode: 110, reason: "read"))
    case .closed: channel.pipeline.fireChannelInactive()
    case .overtaken:
      let second = channel.eventLoop.makePromise(of: ExchangeAnswer.self)
      second.futureResult.whenFailure { _ in failures.withLock { $0 += 1 } }
      channel.writeAndFlush(Exchange(message: .ping, answer: second), promise: nil)
    }
    channel.embeddedEventLoop.run()
    _ = try channel.finish(acceptAlreadyClosed: true)
    return failures.withLock { $0 }
  }

  @Test(arguments: Ending.allCases)
  private func `a failure that closes its own connection is told once`(_ ending: Ending) throws {
    for style in [WireStyle.lines, .http] {
      let channel = EmbeddedChannel()
      try channel.connect(to: SocketAddress(ipAddress: "10.90.0.11", port: 5432)).wait()
      switch style {
      case .lines: try LineExchanges.add(to: channel)
      case .http: try HTTPExchanges.add(to: channel, host: "search-api.lab")
      }
      #expect(try end(channel, ending) == (ending == .overtaken ? 2 : 1))
    }
  }
}
