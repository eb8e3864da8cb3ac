/// Why a request has no answer.
package struct HTTPError: Error, Hashable, CustomStringConvertible {
  package var kind: Kind
  /// Without credentials and without the values of its query.
  package var url: String
  /// One sentence in lower case.
  package var reason: String
  /// Where it stopped; nil when it was not begun.
  package var phase: HTTPPhase?

  /// What went wrong, by what can be done about it.
  package enum Kind: String, Sendable, Hashable {
    /// The name has no address, nothing answers there, or the connection broke.
    case unreachable
    /// Not done in time.
    case timeout
    /// The body is larger than the request accepts.
    case tooLarge
    /// No TLS session, or a certificate that is not trusted.
    case tls
    /// The URL, or a header, cannot be sent.
    case badURL
    /// The task was cancelled.
    case cancelled
    /// What answers does not speak HTTP, or stops in the middle.
    case malformed
  }

  package init(kind: Kind, url: String, reason: String, phase: HTTPPhase? = nil) {
    self.kind = kind
    self.url = url
    self.reason = reason
    self.phase = phase
  }

  package var description: String { "\(url): \(reason)" }
}
