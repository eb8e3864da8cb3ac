internal import NIOCore
internal import NIOHTTP1

/// A connection of ``WireStyle/http``.
final class HTTPPeer: ChannelInboundHandler, UpstreamPeer {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundOut = HTTPServerResponsePart

  var visit = Visit()
  private(set) var peerPort: UInt16 = 0
  private let service: AddressService
  private var context: ChannelHandlerContext?
  /// The request that is being read.
  private var arriving: HTTPRequestHead?
  private var bodyBytes = 0
  /// The request that has no answer yet.
  private var request: HTTPRequestHead?

  init(service: AddressService) {
    self.service = service
  }

  static func add(to channel: any Channel, service: AddressService) throws {
    // Without NIO's help for pipelining, which would stop reading and so not see a client go.
    try channel.pipeline.syncOperations.configureHTTPServerPipeline(withPipeliningAssistance: false)
    try channel.pipeline.syncOperations.addHandler(HTTPPeer(service: service))
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
    case .head(let head):
      // A second request before the first has its answer is not of this protocol.
      guard request == nil else { return close() }
      arriving = head
      bodyBytes = 0
    case .body(let buffer):
      bodyBytes += buffer.readableBytes
      guard bodyBytes > HTTPWords.largestBody else { return }
      arriving = nil
      close()
    case .end:
      guard let head = arriving else { return }
      arriving = nil
      request = head
      serve(head)
    }
  }

  /// Whatever is wrong with a connection, what its client is told is that it ends.
  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    context.close(promise: nil)
  }

  func answer(_ attempt: Attempt, isSuccess: Bool) {
    write(isSuccess ? .ok : .serviceUnavailable, bytes: isSuccess ? attempt.answerBytes : 0)
  }

  func close() {
    context?.close(promise: nil)
  }

  private func serve(_ request: HTTPRequestHead) {
    switch (request.method, request.uri) {
    case (.GET, HTTPWords.pingPath):
      if service.answersPings { write(.noContent, bytes: nil) }
    case (.POST, HTTPWords.requestPath):
      let ids = request.headers[HTTPWords.requestID]
      guard ids.count == 1, let id = ids.first, AttemptID.isValid(id) else { return write(.badRequest, bytes: 0) }
      service.received(id: id, answerBytes: HTTPWords.answerBytes, from: self)
    default: write(.notFound, bytes: 0)
    }
  }

  private func write(_ status: HTTPResponseStatus, bytes: Int?) {
    guard let context, let request else { return }
    self.request = nil
    var headers = HTTPHeaders()
    if let bytes { headers.add(name: "Content-Length", value: "\(bytes)") }
    if !request.isKeepAlive { headers.add(name: "Connection", value: "close") }
    let head = HTTPResponseHead(version: .http1_1, status: status, headers: headers)
    context.write(wrapOutboundOut(.head(head)), promise: nil)
    if let bytes, bytes > 0 {
      var body = context.channel.allocator.buffer(capacity: bytes)
      body.writeFiller(bytes)
      context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
    }
    let written = context.writeAndFlush(wrapOutboundOut(.end(nil)))
    if !request.isKeepAlive { written.assumeIsolated().whenComplete { [self] _ in close() } }
  }
}
