package import NIOCore

/// Reads requests on the upstream's side; one counts when its filler has arrived whole.
package struct LineMessageDecoder: ByteToMessageDecoder {
  package typealias InboundOut = LineMessage

  private var text = LineText()
  private var request: LineRequest?

  package init() {}

  package mutating func decode(context: ChannelHandlerContext, buffer: inout ByteBuffer) throws -> DecodingState {
    guard let message = try next(&buffer) else { return .needMoreData }
    context.fireChannelRead(Self.wrapInboundOut(message))
    return .continue
  }

  private mutating func next(_ buffer: inout ByteBuffer) throws(LineError) -> LineMessage? {
    if request == nil {
      guard let words = try text.words(&buffer) else { return nil }
      if words == ["P"] { return .ping }
      guard words.count == 4, words[0] == "Q" else { throw .notUnderstood(words.joined(separator: " ")) }
      let announced = LineRequest(
        id: try text.id(words[1]), payload: try text.size(words[3]), answer: try text.size(words[2]))
      text.filler = announced.payload
      request = announced
    }
    guard text.skipFiller(&buffer) else { return nil }
    defer { request = nil }
    return request.map(LineMessage.request)
  }
}

/// Reads answers on the client's side; one counts when its filler has arrived whole.
package struct LineAnswerDecoder: ByteToMessageDecoder {
  package typealias InboundOut = LineAnswer

  private var text = LineText()
  private var answer: LineAnswer?

  package init() {}

  package mutating func decode(context: ChannelHandlerContext, buffer: inout ByteBuffer) throws -> DecodingState {
    guard let answer = try next(&buffer) else { return .needMoreData }
    context.fireChannelRead(Self.wrapInboundOut(answer))
    return .continue
  }

  private mutating func next(_ buffer: inout ByteBuffer) throws(LineError) -> LineAnswer? {
    if answer == nil {
      guard let words = try text.words(&buffer) else { return nil }
      answer = try read(words)
    }
    guard text.skipFiller(&buffer) else { return nil }
    defer { answer = nil }
    return answer
  }

  private mutating func read(_ words: [String]) throws(LineError) -> LineAnswer {
    if words == ["P", "ok"] { return .pong }
    guard words.count == 4, words[0] == "R" else { throw .notUnderstood(words.joined(separator: " ")) }
    let id = try text.id(words[1])
    let bytes = try text.size(words[3])
    switch words[2] {
    case "ok":
      text.filler = bytes
      return .ok(id: id, bytes: bytes)
    case "error" where bytes == 0: return .error(id: id)
    default: throw .notUnderstood(words.joined(separator: " "))
    }
  }
}
