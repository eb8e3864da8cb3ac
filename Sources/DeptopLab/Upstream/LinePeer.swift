internal import NIOCore

/// A connection of ``WireStyle/lines``.
final class LinePeer: ChannelInboundHandler, UpstreamPeer {
  typealias InboundIn = LineMessage
  typealias OutboundOut = LineAnswer

  var visit = Visit()
  private(set) var peerPort: UInt16 = 0
  private let service: AddressService
  private var context: ChannelHandlerContext?

  init(service: AddressService) {
    self.service = service
  }

  static func add(to channel: any Channel, service: AddressService) throws {
    try channel.pipeline.syncOperations.addHandlers(
      ByteToMessageHandler(LineMessageDecoder()), MessageToByteHandler(LineAnswerEncoder()), LinePeer(service: service))
  }

  func channelActive(context: ChannelHandlerContext) {
    self.context = context
    peerPort = context.channel.peerPort
    service.opened(self)
  }

  func channelInactive(context: ChannelHandlerContext) {
    self.context = nil
    service.closed(self)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .request(let request): service.received(id: request.id, answerBytes: request.answer, from: self)
    case .ping: if service.answersPings { write(.pong) }
    }
  }

  /// Whatever is wrong with a connection, what its client is told is that it ends.
  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    context.close(promise: nil)
  }

  func answer(_ attempt: Attempt, isSuccess: Bool) {
    write(isSuccess ? .ok(id: attempt.id, bytes: attempt.answerBytes) : .error(id: attempt.id))
  }

  func close() {
    context?.close(promise: nil)
  }

  private func write(_ answer: LineAnswer) {
    context?.writeAndFlush(wrapOutboundOut(answer), promise: nil)
  }
}

extension Channel {
  /// The client's port as this side's socket has it; 0 for a connection that is gone already.
  var peerPort: UInt16 { UInt16(exactly: remoteAddress?.port ?? 0) ?? 0 }
}
