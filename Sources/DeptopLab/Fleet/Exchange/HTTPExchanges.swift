internal import NIOCore
internal import NIOHTTP1

/// Exchanges on a ``WireStyle/http`` connection.
final class HTTPExchanges: ChannelDuplexHandler {
  typealias InboundIn = HTTPClientResponsePart
  typealias OutboundIn = Exchange
  typealias OutboundOut = HTTPClientRequestPart

  private let host: String
  private var current = CurrentExchange()
  private var answer: ExchangeAnswer?

  private init(host: String) {
    self.host = host
  }

  static func add(to channel: any Channel, host: String) throws {
    let pipeline = channel.pipeline.syncOperations
    try pipeline.addHTTPClientHandlers()
    try pipeline.addHandler(HTTPExchanges(host: host))
  }

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    let exchange = unwrapOutboundIn(data)
    current.begin(exchange)?.answer.fail(ChannelError.ioOnClosedChannel)
    var headers = HTTPHeaders([("Host", host)])
    switch exchange.message {
    case .ping:
      send(HTTPRequestHead(version: .http1_1, method: .GET, uri: HTTPWords.pingPath, headers: headers), context)
    case .request(let id, let bytes):
      let body = ByteBuffer(repeating: UInt8(ascii: "."), count: min(max(0, bytes), HTTPWords.largestBody))
      headers.add(name: HTTPWords.requestID, value: id)
      headers.add(name: "Content-Length", value: "\(body.readableBytes)")
      send(HTTPRequestHead(version: .http1_1, method: .POST, uri: HTTPWords.requestPath, headers: headers), context)
      context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
    }
    context.write(wrapOutboundOut(.end(nil)), promise: promise)
  }

  private func send(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
    context.write(wrapOutboundOut(.head(head)), promise: nil)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head): answer = ExchangeAnswer(isOK: 200..<300 ~= head.status.code, firstByte: LabClock.now)
    case .body: break
    case .end:
      guard let answer, let exchange = current.end() else { return context.close(promise: nil) }
      self.answer = nil
      exchange.answer.succeed(answer)
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    current.end()?.answer.fail(error)
    context.close(promise: nil)
  }

  func channelInactive(context: ChannelHandlerContext) {
    current.end()?.answer.fail(ChannelError.eof)
    context.fireChannelInactive()
  }
}
