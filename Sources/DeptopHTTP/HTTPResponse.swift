/// An answer, whatever its status.
package struct HTTPResponse: Sendable, Hashable {
  /// 100…999.
  package var status: Int
  package var contentType: String?
  /// Decoded, where it came compressed.
  package var body: [UInt8]
  package var phases: HTTPPhases

  package init(status: Int, contentType: String?, body: [UInt8], phases: HTTPPhases) {
    self.status = status
    self.contentType = contentType
    self.body = body
    self.phases = phases
  }

  /// True for 200…299.
  package var isSuccess: Bool { (200..<300).contains(status) }
}

/// How long each phase of a request took; nil for what did not take place.
///
/// The phases follow each other, so that their sum is not more than the total.
package struct HTTPPhases: Sendable, Hashable {
  /// nil when a kept connection was used.
  package var nameLookup: Duration?
  /// From the addresses to the established connection; nil when a kept connection was used.
  package var connect: Duration?
  /// nil without TLS, and when a kept connection was used.
  package var tls: Duration?
  /// From the moment before the request was sent to the first byte of the answer.
  package var firstByte: Duration?
  /// From the call to the end of the body.
  package var total: Duration

  package init(
    nameLookup: Duration? = nil, connect: Duration? = nil, tls: Duration? = nil, firstByte: Duration? = nil,
    total: Duration
  ) {
    self.nameLookup = nameLookup
    self.connect = connect
    self.tls = tls
    self.firstByte = firstByte
    self.total = total
  }
}

/// A phase that a request can fail in.
package enum HTTPPhase: String, Sendable, Hashable {
  case nameLookup = "name look-up"
  case connect
  case tls = "TLS handshake"
  /// Everything after the connection is there.
  case answer
}
