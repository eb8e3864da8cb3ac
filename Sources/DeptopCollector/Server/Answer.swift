internal import DeptopWire
internal import FoundationEssentials
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore

/// Answers as the socket API spells them.
struct Answer {
  /// A value as JSON.
  static func json(_ value: some Encodable, status: HTTPResponse.Status = .ok) throws -> Response {
    var data = try WireCoding().encode(value)
    data.append(UInt8(ascii: "\n"))
    return Response(
      status: status, headers: headers("application/json"), body: ResponseBody(byteBuffer: ByteBuffer(bytes: data)))
  }

  /// A refusal with the status that belongs to it.
  static func refusal(_ refusal: Refusal) throws -> Response {
    try json(refusal, status: HTTPResponse.Status(code: refusal.status))
  }

  /// One JSON value per line, for as long as the sequence lasts; ends when the collector shuts down, and when the
  /// reader goes away, also between two lines.
  static func lines<Values: AsyncSequence & Sendable>(_ values: Values, to request: Request) -> Response
  where Values.Element == Data, Values.AsyncIterator: SendableMetatype {
    Response(
      status: .ok, headers: headers("application/x-ndjson"),
      body: ResponseBody { writer in
        try await request.body.consumeWithCancellationOnInboundClose { _ in
          for try await line in values { try await writer.write(ByteBuffer(bytes: line)) }
        }
        try await writer.finish(nil)
      })
  }

  private static func headers(_ type: String) -> HTTPFields {
    var fields: HTTPFields = [.contentType: type, .cacheControl: "no-store"]
    if let name = HTTPField.Name(API.versionHeader) { fields[name] = "\(API.version)" }
    return fields
  }
}
