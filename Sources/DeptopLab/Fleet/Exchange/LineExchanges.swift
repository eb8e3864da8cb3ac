internal import NIOCore

/// Exchanges on a ``WireStyle/lines`` connection.
final class LineExchanges: ChannelDuplexHandler {
  typealias InboundIn = LineAnswer
  typealias OutboundIn = Exchange
  typealias OutboundOut = LineMessage

  /// Bytes that each answer is asked to have.
  private static let answerBytes = 100

  private var current = CurrentExchange()

  static func add(to channel: any Channel) throws {
    let pipeline = channel.pipeline.syncOperations
    try pipeline.addHandler(ByteToMessageHandler(LineAnswerDecoder()))
    try pipeline.addHandler(MessageToByteHandler(LineMessageEncoder()))
    try pipeline.addHandler(LineExchanges())
  }

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    let exchange = unwrapOutboundIn(data)
    current.begin(exchange)?.answer.fail(ChannelError.ioOnClosedChannel)
    let message: LineMessage =
      switch exchange.message {
      case .ping: .ping
      case .request(let id, let bytes):
        .request(LineRequest(id: id, payload: min(max(0, bytes), LineMessage.largestFiller), answer: Self.answerBytes))
      }
    context.write(wrapOutboundOut(message), promise: promise)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let isOK =
      switch unwrapInboundIn(data) {
      case .ok, .pong: true
      case .error: false
      }
    guard let exchange = current.end() else { return context.close(promise: nil) }
    exchange.answer.succeed(ExchangeAnswer(isOK: isOK, firstByte: LabClock.now))
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
