/// The status line and the headers of an HTTP/1.1 answer, as far as they are needed (RFC 9112).
struct AnswerHead: Sendable, Hashable {
  /// How the end of the body is told.
  enum Framing: Sendable, Hashable {
    case length(Int)
    case chunked
    case untilEnd
  }

  /// The most bytes that a head may have.
  static let limit = 16_384

  var status: Int
  var framing: Framing

  /// Takes a head off the front of what was received.
  ///
  /// - Returns: nil when it is not complete yet.
  /// - Throws: ``ReportingProblem/Kind/malformedAnswer`` when it is too long or no HTTP.
  static func take(from received: inout [UInt8]) throws(ReportingProblem) -> AnswerHead? {
    guard let end = end(in: received) else {
      guard received.count < limit else { throw .malformed("the answer's head has more than \(limit) bytes") }
      return nil
    }
    guard end <= limit else { throw .malformed("the answer's head has more than \(limit) bytes") }
    let text = String(decoding: received[..<end], as: UTF8.self)
    received.removeFirst(end)
    return try AnswerHead(text)
  }

  private init(_ text: String) throws(ReportingProblem) {
    var lines = text.split(separator: "\r\n", omittingEmptySubsequences: true)[...]
    let first = lines.popFirst() ?? ""
    let words = first.split(separator: " ", maxSplits: 2)
    guard words.count >= 2, words[0] == "HTTP/1.1" || words[0] == "HTTP/1.0", words[1].utf8.count == 3,
      let status = Int(words[1]), 100...599 ~= status
    else { throw .malformed("the answer does not begin with a status line but with: \(shown(first))") }
    self.status = status
    framing = status == 204 || status == 304 || status < 200 ? .length(0) : .untilEnd
    guard framing == .untilEnd else { return }
    for line in lines { try read(line) }
  }

  private mutating func read(_ line: Substring) throws(ReportingProblem) {
    guard let colon = line.firstIndex(of: ":") else { throw .malformed("a header has no colon: \(shown(line))") }
    let value = line[line.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
    switch line[..<colon].lowercased() {
    case "transfer-encoding":
      guard value.lowercased() == "chunked" else {
        throw .malformed("the answer has an unknown transfer encoding: \(shown(value))")
      }
      framing = .chunked
    case "content-length":
      guard value.utf8.allSatisfy({ 48...57 ~= $0 }), let length = Int(value) else {
        throw .malformed("the answer's length is no number: \(shown(value))")
      }
      // A transfer encoding overrides a length (RFC 9112, section 6.3).
      if framing != .chunked { framing = .length(length) }
    default: break
    }
  }

  /// The index after the empty line.
  private static func end(in bytes: [UInt8]) -> Int? {
    guard bytes.count >= 4 else { return nil }
    for index in 3..<min(bytes.count, limit + 4) where bytes[index] == 10 {
      if bytes[index - 1] == 13, bytes[index - 2] == 10, bytes[index - 3] == 13 { return index + 1 }
    }
    return nil
  }
}

/// The beginning of a text from outside, without what is not printable ASCII.
func shown(_ text: some StringProtocol, limit: Int = 64) -> String {
  String(decoding: text.utf8.prefix(limit).map { 32...126 ~= $0 ? $0 : UInt8(ascii: "?") }, as: UTF8.self)
}
