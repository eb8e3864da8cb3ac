/// What is spoken on a ``WireStyle/lines`` connection, one request after the other, as with a database or a cache.
///
/// - A request: `Q ID ANSWER PAYLOAD`, a line feed and PAYLOAD bytes of filler. It is answered by `R ID ok ANSWER`,
///   a line feed and ANSWER bytes of filler, or by `R ID error 0` and a line feed.
/// - A ping: `P`, answered by `P ok` at once, whatever waits in the upstream's queue.
package enum LineMessage: Sendable, Hashable {
  case request(LineRequest)
  case ping

  /// The longest line that is accepted, bytes without the line feed.
  package static let longestLine = 256
  /// The most bytes of filler that are accepted after a line.
  package static let largestFiller = 1 << 20
}

/// One attempt of a request on a ``WireStyle/lines`` connection.
package struct LineRequest: Sendable, Hashable {
  /// The attempt's id, see ``AttemptID``.
  package var id: String
  /// Bytes of filler after the line, 0…``LineMessage/largestFiller``.
  package var payload: Int
  /// Bytes that the answer is to have, 0…``LineMessage/largestFiller``.
  package var answer: Int

  package init(id: String, payload: Int, answer: Int) {
    self.id = id
    self.payload = payload
    self.answer = answer
  }
}

/// What comes back on a ``WireStyle/lines`` connection.
package enum LineAnswer: Sendable, Hashable {
  /// The request was served, with that many bytes of filler.
  case ok(id: String, bytes: Int)
  /// The request was answered with an error.
  case error(id: String)
  /// The answer to a ping.
  case pong
}

/// Why bytes are not of this protocol; the connection they came on is of no more use.
package enum LineError: Error, Hashable, CustomStringConvertible {
  /// More than ``LineMessage/longestLine`` bytes without a line feed.
  case lineTooLong
  /// A line that says nothing known.
  case notUnderstood(String)
  /// An announced size above ``LineMessage/largestFiller``, or no number.
  case badSize(String)
  /// An id that ``AttemptID`` does not allow.
  case badID(String)

  package var description: String {
    switch self {
    case .lineTooLong: "a line has more than \(LineMessage.longestLine) bytes"
    case .notUnderstood(let line): "the line \(line) is not understood"
    case .badSize(let size): "\(size) is not a size from 0 to \(LineMessage.largestFiller) bytes"
    case .badID(let id): "\(id) is not an id"
    }
  }
}
