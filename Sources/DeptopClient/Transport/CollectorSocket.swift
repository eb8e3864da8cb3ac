/// An answer of the collector.
struct HTTPAnswer: Sendable, Hashable {
  var status: Int
  var body: [UInt8]

  var isSuccess: Bool { 200...299 ~= status }

  /// What a refusal says, cut to a length that can be shown.
  func problem(doing what: String) -> ReportingProblem {
    let reason = shown(String(decoding: body.prefix(256), as: UTF8.self), limit: 256)
    return ReportingProblem(
      .refused(status: status), "the collector refused \(what) with \(status)" + (reason.isEmpty ? "" : ": \(reason)"))
  }
}

/// Where the collector listens; each exchange has a connection of its own, so that a restart of the collector is
/// noticed at the next exchange and at no other time.
struct CollectorSocket: Sendable {
  /// The methods that are used.
  enum Method: String, Sendable {
    case get = "GET"
    case put = "PUT"
    case post = "POST"
  }

  /// The most bytes of an answer's body.
  static let bodyLimit = 65_536
  /// Interim answers (1xx) that are skipped.
  private static let interimLimit = 4

  let path: String
  /// The time for one exchange, connecting included.
  let timeout: Duration
  let stop: Wakeup

  /// Sends a request and reads the whole answer.
  func exchange(_ method: Method, _ target: String, body: [UInt8]) throws(ReportingProblem) -> HTTPAnswer {
    let deadline = MonotonicClock.deadline(in: timeout)
    let stream = try CollectorStream(path: path, stop: stop)
    let (head, rest) = try open(stream, method, target, body: body, deadline: deadline)
    return HTTPAnswer(status: head.status, body: try wholeBody(of: head, rest, on: stream, deadline: deadline))
  }

  /// Sends a request and reads the answer's head.
  ///
  /// - Returns: The head, and what was received after it.
  func open(
    _ stream: borrowing CollectorStream, _ method: Method, _ target: String, body: [UInt8], deadline: UInt64
  ) throws(ReportingProblem) -> (AnswerHead, [UInt8]) {
    let head = """
      \(method.rawValue) \(target) HTTP/1.1\r
      host: localhost\r
      connection: close\r
      content-type: application/json\r
      content-length: \(body.count)\r
      \r

      """
    try stream.write(Array(head.utf8) + body, deadline: deadline)
    var received: [UInt8] = []
    var interim = 0
    while interim <= CollectorSocket.interimLimit {
      if let head = try AnswerHead.take(from: &received) {
        if head.status >= 200 { return (head, received) }
        interim += 1
        continue
      }
      let bytes = try stream.read(deadline: deadline)
      guard !bytes.isEmpty else { throw .malformed("the connection ended before an answer") }
      received += bytes
    }
    throw .malformed("more than \(CollectorSocket.interimLimit) interim answers came before the answer")
  }

  /// Reads the rest of an answer.
  func wholeBody(
    of head: AnswerHead, _ rest: [UInt8], on stream: borrowing CollectorStream, deadline: UInt64
  ) throws(ReportingProblem) -> [UInt8] {
    if case .length(let length) = head.framing, length > CollectorSocket.bodyLimit { throw tooLarge }
    var reader = BodyReader(head.framing)
    var body = try reader.data(in: rest)
    while !reader.isComplete {
      let bytes = try stream.read(deadline: deadline)
      guard !bytes.isEmpty else {
        try reader.end()
        break
      }
      body += try reader.data(in: bytes)
      guard body.count <= CollectorSocket.bodyLimit else { throw tooLarge }
    }
    return body
  }

  private var tooLarge: ReportingProblem { .malformed("the answer has more than \(CollectorSocket.bodyLimit) bytes") }
}
