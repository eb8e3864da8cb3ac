import DeptopLab
import NIOCore
import NIOEmbedded
import Testing

@Suite struct LineCodecTests {
  @Test func `every request survives its way, byte by byte`() throws {
    let messages: [LineMessage] = [
      .request(LineRequest(id: "orders-1.1", payload: 0, answer: 0)), .ping,
      .request(LineRequest(id: "orders-2.1", payload: 300, answer: 1 << 20)), .ping, .ping,
      .request(LineRequest(id: String(repeating: "x", count: AttemptID.longest), payload: 1, answer: 7)),
    ]
    let bytes = try messages.flatMap { try encoded($0, LineMessageEncoder()) }
    #expect(try decoded(bytes, by: LineMessageDecoder(), as: LineMessage.self) == messages)
  }

  @Test func `every answer survives its way, byte by byte`() throws {
    let answers: [LineAnswer] = [
      .ok(id: "orders-1.1", bytes: 0), .pong, .ok(id: "orders-2.1", bytes: 1000), .error(id: "orders-3.2"), .pong,
    ]
    let bytes = try answers.flatMap { try encoded($0, LineAnswerEncoder()) }
    #expect(try decoded(bytes, by: LineAnswerDecoder(), as: LineAnswer.self) == answers)
  }

  @Test func `what is on the wire is what is documented`() throws {
    let request = LineMessage.request(LineRequest(id: "web-7.2", payload: 3, answer: 64))
    #expect(String(decoding: try encoded(request, LineMessageEncoder()), as: UTF8.self) == "Q web-7.2 64 3\n...")
    let answer = LineAnswer.ok(id: "web-7.2", bytes: 2)
    #expect(String(decoding: try encoded(answer, LineAnswerEncoder()), as: UTF8.self) == "R web-7.2 ok 2\n..")
    #expect(String(decoding: try encoded(.error(id: "a"), LineAnswerEncoder()), as: UTF8.self) == "R a error 0\n")
  }

  @Test func `filler that looks like a request is filler`() throws {
    let bytes = Array("Q a 0 6\nP\nP\n\n\nP\n".utf8)
    let request = LineMessage.request(LineRequest(id: "a", payload: 6, answer: 0))
    #expect(try decoded(bytes, by: LineMessageDecoder(), as: LineMessage.self) == [request, .ping])
  }

  @Test(arguments: [
    ("Q a 0 1048577\n", LineError.badSize("1048577")), ("Q a 1048577 0\n", .badSize("1048577")),
    ("Q a -1 0\n", .badSize("-1")), ("Q a +1 0\n", .badSize("+1")), ("Q a  0\n", .badSize("")),
    ("Q a 99999999999999999999 0\n", .badSize("99999999999999999999")), ("Q  0 0\n", .badID("")),
    ("Q a 0\n", .notUnderstood("Q a 0")), ("Q a 0 0 0\n", .notUnderstood("Q a 0 0 0")), ("\n", .notUnderstood("")),
    ("P ok\n", .notUnderstood("P ok")), ("GET / HTTP/1.1\r\n", .notUnderstood("GET / HTTP/1.1?")),
    ("Q a\tb 0 0\n", .notUnderstood("Q a?b 0 0")), (String(repeating: "Q", count: 257), .lineTooLong),
  ])
  func `what is no request is a typed error`(text: String, error: LineError) {
    #expect(throws: error) { try decoded(Array(text.utf8), by: LineMessageDecoder(), as: LineMessage.self) }
  }

  @Test(arguments: [
    ("R a ok\n", LineError.notUnderstood("R a ok")), ("R a error 1\n", .notUnderstood("R a error 1")),
    ("R a fine 0\n", .notUnderstood("R a fine 0")), ("R a ok 1048577\n", .badSize("1048577")),
    ("P\n", .notUnderstood("P")), (String(repeating: "R", count: 300), .lineTooLong),
  ])
  func `what is no answer is a typed error`(text: String, error: LineError) {
    #expect(throws: error) { try decoded(Array(text.utf8), by: LineAnswerDecoder(), as: LineAnswer.self) }
  }

  @Test func `the largest sizes and the longest line are accepted`() throws {
    let payload = [UInt8](repeating: 0, count: LineMessage.largestFiller)
    let bytes = Array("Q a 1048576 1048576\n".utf8) + payload
    let request = LineMessage.request(LineRequest(id: "a", payload: 1 << 20, answer: 1 << 20))
    #expect(try decoded(bytes, by: LineMessageDecoder(), as: LineMessage.self, step: 65_536) == [request])
    let long = "Q a " + String(repeating: "0", count: 250) + " 0"
    #expect(long.utf8.count == LineMessage.longestLine)
    let none = LineMessage.request(LineRequest(id: "a", payload: 0, answer: 0))
    #expect(try decoded(Array((long + "\n").utf8), by: LineMessageDecoder(), as: LineMessage.self) == [none])
  }

  @Test func `mutated bytes make messages or a typed error, never anything else`() throws {
    var random = SeededGenerator(seed: 5)
    let good = Array("Q orders-1.1 64 5\n.....P\nQ orders-2.1 0 0\nP\n".utf8)
    var failures = 0
    for _ in 0..<3000 {
      var bytes = good
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        bytes[Int.random(in: bytes.indices, using: &random)] = .random(in: .min ... .max, using: &random)
      }
      do {
        _ = try decoded(bytes, by: LineMessageDecoder(), as: LineMessage.self, step: 3)
      } catch is LineError {
        failures += 1
      }
    }
    #expect((1..<3000).contains(failures))
  }
}

private func encoded<Encoder: MessageToByteEncoder>(_ value: Encoder.OutboundIn, _ encoder: Encoder) throws -> [UInt8] {
  var buffer = ByteBuffer()
  try encoder.encode(data: value, out: &buffer)
  return Array(buffer.readableBytesView)
}

/// What a decoder makes of bytes that come a few at a time.
private func decoded<Decoder: ByteToMessageDecoder>(
  _ bytes: [UInt8], by decoder: Decoder, as type: Decoder.InboundOut.Type, step: Int = 1
) throws -> [Decoder.InboundOut] {
  let channel = EmbeddedChannel(handler: ByteToMessageHandler(decoder))
  for start in stride(from: 0, to: bytes.count, by: step) {
    try channel.writeInbound(ByteBuffer(bytes: bytes[start..<min(start + step, bytes.count)]))
  }
  var found: [Decoder.InboundOut] = []
  while let next = try channel.readInbound(as: type) { found.append(next) }
  return found
}
