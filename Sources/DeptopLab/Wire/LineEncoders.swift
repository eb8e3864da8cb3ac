package import NIOCore

/// Writes requests on the client's side.
package struct LineMessageEncoder: MessageToByteEncoder, Sendable {
  package typealias OutboundIn = LineMessage

  package init() {}

  package func encode(data: LineMessage, out: inout ByteBuffer) {
    switch data {
    case .request(let request):
      out.writeString("Q \(request.id) \(request.answer) \(request.payload)\n")
      out.writeFiller(request.payload)
    case .ping: out.writeString("P\n")
    }
  }
}

/// Writes answers on the upstream's side.
package struct LineAnswerEncoder: MessageToByteEncoder, Sendable {
  package typealias OutboundIn = LineAnswer

  package init() {}

  package func encode(data: LineAnswer, out: inout ByteBuffer) {
    switch data {
    case .ok(let id, let bytes):
      out.writeString("R \(id) ok \(bytes)\n")
      out.writeFiller(bytes)
    case .error(let id): out.writeString("R \(id) error 0\n")
    case .pong: out.writeString("P ok\n")
    }
  }
}
