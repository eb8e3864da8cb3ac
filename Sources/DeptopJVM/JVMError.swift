internal import DeptopHTTP

/// Why a JVM's Jolokia agent or Spring actuator gave no answer, or not the one that was asked for.
package struct JVMError: Error, Hashable, CustomStringConvertible {
  package var kind: Kind
  /// Where it was asked: a URL without credentials.
  package var place: String
  /// One sentence in lower case, the peer's own words where it said something.
  package var sentence: String

  /// What went wrong, by what can be done about it.
  package enum Kind: Sendable, Hashable {
    /// Nothing answers there, or its name does not resolve.
    case unreachable
    case timedOut
    case cancelled
    /// It refuses user or password, or forbids what was asked.
    case refused
    /// It knows no such bean, attribute, operation or endpoint.
    case notFound
    /// It is not ready, or fails itself.
    case unavailable
    /// Something else answers there, or the answer cannot be read.
    case malformed
    /// The bean itself threw an exception.
    case failed
  }

  package init(kind: Kind, place: String, sentence: String) {
    self.kind = kind
    self.place = place
    self.sentence = sentence
  }

  package var description: String { "\(place): \(sentence)" }

  /// True when only a person can mend it.
  package var isPermanent: Bool {
    switch kind {
    case .refused, .notFound, .malformed: true
    case .unreachable, .timedOut, .cancelled, .unavailable, .failed: false
    }
  }

  /// True when the request may have been carried out although there is no answer.
  package var isUncertain: Bool { kind == .timedOut || kind == .cancelled || kind == .malformed }
}

extension JVMError {
  init(_ error: HTTPError) {
    let kind: Kind =
      switch error.kind {
      case .unreachable: .unreachable
      case .timeout: .timedOut
      case .cancelled: .cancelled
      case .tooLarge, .tls, .badURL, .malformed: .malformed
      }
    self.init(kind: kind, place: error.url, sentence: error.reason)
  }

  /// The error that an answer's HTTP status amounts to; nil for a success.
  init?(status: Int, place: String, user: String?) {
    let login = user.map { "user \"\($0)\"" } ?? "a request without a user"
    switch status {
    case 200..<300: return nil
    case 401, 403: self.init(kind: .refused, place: place, sentence: "it refuses \(login): HTTP status \(status)")
    case 404: self.init(kind: .notFound, place: place, sentence: "nothing is exposed there: HTTP status 404")
    case 408, 429, 500...: self.init(kind: .unavailable, place: place, sentence: "HTTP status \(status)")
    default: self.init(kind: .malformed, place: place, sentence: "HTTP status \(status)")
    }
  }
}
