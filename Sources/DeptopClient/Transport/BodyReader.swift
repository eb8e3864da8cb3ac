/// Follows a body to its end, however that is told.
struct BodyReader: Sendable {
  private var framing: AnswerHead.Framing
  private var chunks = ChunkDecoder()

  init(_ framing: AnswerHead.Framing) {
    self.framing = framing
  }

  /// True when nothing more belongs to the body.
  var isComplete: Bool {
    switch framing {
    case .length(let left): left == 0
    case .chunked: chunks.isAtEnd
    case .untilEnd: false
    }
  }

  /// The part of the body in what was received.
  mutating func data(in received: [UInt8]) throws(ReportingProblem) -> [UInt8] {
    switch framing {
    case .length(let left):
      framing = .length(left - min(left, received.count))
      return Array(received.prefix(left))
    case .chunked: return try chunks.data(in: received)
    case .untilEnd: return received
    }
  }

  /// Judges that the connection ended here.
  func end() throws(ReportingProblem) {
    guard isComplete || framing == .untilEnd else { throw .malformed("the answer was cut off") }
  }
}
