extension PgBouncerError {
  /// The error that libpq's message about a failed login amounts to.
  ///
  /// libpq gives no error code for a login, so that its words have to be judged: what follows `FATAL:` or
  /// `ERROR:` was said by the server, everything else by the system or by libpq itself.
  static func login(place: String, user: String, message: String) -> PgBouncerError {
    let attempts = attempts(in: message)
    let sentence = attempts.map(\.text).joined(separator: "; ")
    guard let answer = attempts.first(where: \.isFromServer)?.text else {
      let kind: Kind = sentence.contains("no password supplied") ? .loginRefused : .unreachable
      let text = kind == .loginRefused ? "user \"\(user)\" needs a password, and none is configured" : sentence
      return PgBouncerError(kind: kind, place: place, command: nil, sentence: text)
    }
    let kind = kind(ofAnswer: answer)
    let text =
      switch kind {
      case .loginRefused: "it refuses user \"\(user)\": \(answer)"
      case .notPgBouncer: "that is not a PgBouncer: \(answer)"
      default: answer
      }
    return PgBouncerError(kind: kind, place: place, command: nil, sentence: text)
  }

  private static func kind(ofAnswer answer: String) -> Kind {
    let passing = ["no more connections allowed", "shutting down", "starting up", "too many", "query_wait_timeout"]
    if passing.contains(where: answer.contains) { return .unavailable }
    return answer.contains("database \"pgbouncer\" does not exist") ? .notPgBouncer : .loginRefused
  }

  /// What was said about each address that was tried, without what libpq adds around it.
  private static func attempts(in message: String) -> [(text: String, isFromServer: Bool)] {
    var attempts: [(text: String, isFromServer: Bool)] = []
    for line in message.split(separator: "\n") where line.first?.isWhitespace == false {
      let attempt = attempt(from: line)
      if !attempts.contains(where: { $0.text == attempt.text }) { attempts.append(attempt) }
    }
    return attempts.isEmpty ? [("it gave no reason", false)] : attempts
  }

  private static func attempt(from line: Substring) -> (text: String, isFromServer: Bool) {
    var text = line
    if line.hasPrefix("connection to server"), let end = line.firstRange(of: " failed: ")?.upperBound {
      text = line[end...]
    }
    for severity in ["FATAL:", "ERROR:"] where text.hasPrefix(severity) {
      return (String(text.dropFirst(severity.count).drop { $0 == " " }), true)
    }
    return (text.prefix(1).lowercased() + text.dropFirst(), false)
  }
}
