internal import NIOCore

/// One message on a connection and the promise of its answer.
struct Exchange: Sendable {
  let message: Message
  let answer: EventLoopPromise<ExchangeAnswer>

  enum Message: Sendable, Hashable {
    /// Answered at once, whatever the upstream has to do.
    case ping
    /// An attempt with its id, and the bytes that it sends.
    case request(id: String, bytes: Int)
  }
}

/// What came back.
struct ExchangeAnswer: Sendable, Hashable {
  /// False when it is an error of the application.
  var isOK: Bool
  /// When its beginning arrived, ``LabClock``'s microseconds.
  var firstByte: Int64
}

/// The exchange that a connection is at: at most one.
///
/// Promises are kept by whoever calls, once nothing of this value is in use: what follows from one may come back here.
struct CurrentExchange {
  private var exchange: Exchange?

  /// Answers the exchange that was cut off, if there was one.
  mutating func begin(_ next: Exchange) -> Exchange? {
    defer { exchange = next }
    return exchange
  }

  /// Answers what was asked, which is over; nil when nothing was.
  mutating func end() -> Exchange? {
    defer { exchange = nil }
    return exchange
  }
}
