/// The words of a ``WireStyle/http`` connection: HTTP/1.1 with keep-alive, one request after the other.
///
/// A request is `POST /` with the attempt's id in a header and a body of filler; it is answered by 200 with
/// ``answerBytes`` bytes of filler, or by 503. A ping is `GET /ping`, answered by 204 at once, whatever waits in the
/// upstream's queue.
package enum HTTPWords {
  package static let requestID = "X-Request-ID"
  package static let requestPath = "/"
  package static let pingPath = "/ping"
  package static let answerBytes = 64
  /// The largest body of a request that is accepted, bytes.
  package static let largestBody = LineMessage.largestFiller
}
