internal import CCurl

extension HTTPResponse {
  /// Copies what libcurl found, or throws what went wrong.
  init(_ result: deptop_http_result, to request: HTTPRequest) throws(HTTPError) {
    guard unsafe result.outcome == .answered else {
      throw unsafe HTTPError(request, result)
    }
    let bytes = unsafe UnsafeBufferPointer(start: result.body, count: result.body_size)
    unsafe self.init(
      status: Int(result.status), contentType: result.content_type.map { unsafe String(cString: $0) },
      body: Array(bytes), phases: HTTPPhases(result))
  }
}

extension HTTPPhases {
  fileprivate init(_ result: deptop_http_result) {
    self.init(total: .microseconds(unsafe result.total_microseconds))
    if unsafe result.is_new_connection {
      nameLookup = .microseconds(unsafe result.name_microseconds)
      connect = .microseconds(unsafe max(result.connect_microseconds - result.name_microseconds, 0))
      if unsafe result.tls_microseconds > 0 {
        tls = .microseconds(unsafe max(result.tls_microseconds - result.connect_microseconds, 0))
      }
    }
    firstByte = .microseconds(unsafe max(result.first_byte_microseconds - result.request_microseconds, 0))
  }
}

extension HTTPError {
  init(_ request: HTTPRequest, _ kind: Kind, _ reason: String, phase: HTTPPhase? = nil) {
    self.init(kind: kind, url: DisplayedURL.text(request.url), reason: reason, phase: phase)
  }

  fileprivate init(_ request: HTTPRequest, _ result: deptop_http_result) {
    let phase = unsafe HTTPPhase(result)
    let words = DisplayedURL.clean(unsafe result.reason.map { unsafe String(cString: $0) } ?? "no reason given")
    // An abbreviation keeps its capitals.
    let isWord = words.dropFirst().first?.isLowercase == true
    let lowered = Self.withoutTime(isWord ? words.prefix(1).lowercased() + words.dropFirst() : words)
    switch unsafe result.outcome {
    case .timed_out:
      self.init(request, .timeout, "no answer within \(request.timeoutText) (\(phase.rawValue))", phase: phase)
    case .too_large:
      self.init(request, .tooLarge, "the answer is larger than \(request.bodyLimit) bytes", phase: phase)
    case .tls_failed: self.init(request, .tls, lowered, phase: phase)
    case .bad_url: self.init(request, .badURL, lowered)
    case .cancelled: self.init(request, .cancelled, "cancelled", phase: phase)
    case .malformed: self.init(request, .malformed, lowered, phase: phase)
    case .unreachable, .answered: self.init(request, .unreachable, lowered, phase: phase)
    }
  }
}

extension HTTPError {
  /// Leaves out ` after 3 ms`, which would make the same failure a new text each time.
  private static func withoutTime(_ text: String) -> String {
    guard let start = text.firstRange(of: " after "), let end = text[start.upperBound...].firstRange(of: " ms"),
      text[start.upperBound..<end.lowerBound].allSatisfy(\.isNumber)
    else { return text }
    return String(text[..<start.lowerBound] + text[end.upperBound...])
  }
}

extension HTTPPhase {
  /// The phase that a request without an answer was in.
  fileprivate init(_ result: deptop_http_result) {
    if unsafe result.request_microseconds > 0 {
      self = .answer
    } else if unsafe result.has_tls_begun {
      self = .tls
    } else {
      self = unsafe result.name_microseconds == 0 ? .nameLookup : .connect
    }
  }
}
