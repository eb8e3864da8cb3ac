/// One HTTP request; redirects are never followed.
package struct HTTPRequest: Sendable, Hashable {
  package var method: HTTPMethod
  /// `http` or `https`, best without credentials in it.
  package var url: String
  package var headers: [HTTPHeader] = []
  /// Sent with `POST` and `PUT` only.
  package var body: [UInt8] = []
  /// For all of it: the look-up of the name, the connection and the whole answer.
  package var timeout: Duration
  /// The largest body that is accepted, in decoded bytes.
  package var bodyLimit: Int
  /// The path of a Unix socket to connect to instead of the URL's host.
  package var unixSocket: String?
  package var credentials: HTTPCredentials?
  /// False opens a connection for this request alone, so that every phase is measured.
  package var reusesConnection = true

  /// A request without headers and body; 4 MiB are accepted.
  package init(_ method: HTTPMethod, _ url: String, timeout: Duration, bodyLimit: Int = 4 << 20) {
    self.method = method
    self.url = url
    self.timeout = timeout
    self.bodyLimit = bodyLimit
  }
}

/// The methods that deptop uses.
package enum HTTPMethod: String, Sendable, Hashable {
  case get = "GET"
  case post = "POST"
  case put = "PUT"
}

/// One header field.
package struct HTTPHeader: Sendable, Hashable {
  package var name: String
  package var value: String

  package init(_ name: String, _ value: String) {
    self.name = name
    self.value = value
  }

  /// False when it would end up as more than one line, or as none.
  var isOneLine: Bool {
    !name.isEmpty && name.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: ":") }
      && value.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }
  }
}

/// A user and a password for basic authentication.
package struct HTTPCredentials: Sendable, Hashable, CustomStringConvertible {
  package var user: String
  package var password: String

  package init(user: String, password: String) {
    self.user = user
    self.password = password
  }

  /// Without the password.
  package var description: String { "user \"\(user)\"" }
}
