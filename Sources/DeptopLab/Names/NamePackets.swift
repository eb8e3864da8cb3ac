internal import NIOCore

/// Answers queries that come as UDP datagrams.
final class NameDatagrams: ChannelInboundHandler {
  typealias InboundIn = AddressedEnvelope<ByteBuffer>
  typealias OutboundOut = AddressedEnvelope<ByteBuffer>

  private let server: NameServer

  init(server: NameServer) {
    self.server = server
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let query = unwrapInboundIn(data)
    guard let answer = server.zone.answer(Array(query.data.readableBytesView), by: .udp) else { return }
    let envelope = AddressedEnvelope(remoteAddress: query.remoteAddress, data: ByteBuffer(bytes: answer))
    context.writeAndFlush(wrapOutboundOut(envelope), promise: nil)
  }

  /// A datagram that nobody received is the asker's loss: the socket itself is still good.
  func errorCaught(context: ChannelHandlerContext, error: any Error) {}
}

/// Answers queries that come over TCP, each after its length in two bytes (RFC 1035 section 4.2.2).
final class NameStream: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private let server: NameServer

  init(server: NameServer) {
    self.server = server
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let query = unwrapInboundIn(data)
    guard let answer = server.zone.answer(Array(query.readableBytesView), by: .tcp) else { return }
    var buffer = context.channel.allocator.buffer(capacity: answer.count + 2)
    buffer.writeInteger(UInt16(answer.count))
    buffer.writeBytes(answer)
    context.writeAndFlush(wrapOutboundOut(buffer), promise: nil)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    context.close(promise: nil)
  }
}

/// Cuts a TCP stream into DNS packets.
struct NamePacketDecoder: ByteToMessageDecoder {
  typealias InboundOut = ByteBuffer

  mutating func decode(context: ChannelHandlerContext, buffer: inout ByteBuffer) throws -> DecodingState {
    guard let packet = buffer.readLengthPrefixedSlice(as: UInt16.self) else { return .needMoreData }
    context.fireChannelRead(Self.wrapInboundOut(packet))
    return .continue
  }
}
