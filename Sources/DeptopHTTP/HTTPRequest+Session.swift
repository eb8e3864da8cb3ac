internal import CCurl

extension HTTPRequest {
  /// Hands everything but the limits to libcurl.
  func prepare(_ http: OpaquePointer) throws(HTTPError) {
    guard url.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F }) else {
      throw HTTPError(self, .badURL, "holds a space or a control character")
    }
    guard unsafe deptop_http_begin(http, method.rawValue, url) else {
      throw HTTPError(self, .badURL, "is no URL")
    }
    var isAccepted = true
    for header in headers {
      guard header.isOneLine else {
        throw HTTPError(self, .badURL, "the header \"\(DisplayedURL.clean(header.name))\" cannot be sent")
      }
      // libcurl takes a line without a value for one to leave out, and wants a semicolon for an empty value.
      let line = header.value.isEmpty ? "\(header.name);" : "\(header.name): \(header.value)"
      isAccepted = unsafe deptop_http_add_header(http, line) && isAccepted
    }
    if method != .get {
      isAccepted =
        unsafe body.withUnsafeBufferPointer { unsafe deptop_http_set_body(http, $0.baseAddress, $0.count) }
        && isAccepted
    }
    if let unixSocket { isAccepted = unsafe deptop_http_set_unix_socket(http, unixSocket) && isAccepted }
    if let credentials {
      isAccepted =
        unsafe deptop_http_set_credentials(http, credentials.user, credentials.password) && isAccepted
    }
    if !reusesConnection { isAccepted = unsafe deptop_http_set_fresh_connection(http) && isAccepted }
    guard isAccepted else { throw HTTPError(self, .badURL, "libcurl does not accept the request") }
  }

  var timeoutText: String { "\(timeout.formattedSeconds) s" }
}
