extension Field {
  /// An `http` or `https` URL of a host and a path; credentials have keys of their own.
  func httpURL() throws(Mistake) -> String {
    let expectation = "http://host:port/path or https://host:port/path"
    // Whoever writes a password into it must not find it in a log.
    let text = try text(expectation, limit: 2048, isSecret: true)
    let lowered = text.lowercased()
    guard let scheme = ["http://", "https://"].first(where: lowered.hasPrefix) else {
      throw mistake("expected \(expectation)", isSecret: text.contains("@"))
    }
    let rest = text.dropFirst(scheme.count)
    let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
    guard !authority.contains("@") else {
      throw mistake("expected a URL without a user; give user and password apart", isSecret: true)
    }
    guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }), !rest.contains(where: { $0 == "?" || $0 == "#" }) else {
      throw mistake("expected \(expectation), without a query, a fragment or a space", isSecret: true)
    }
    guard Self.isAuthority(authority) else { throw expected(expectation) }
    return text
  }

  /// True for `host`, `host:port`, and an IPv6 address in brackets.
  private static func isAuthority(_ text: Substring) -> Bool {
    if text.hasSuffix(":") { return false }
    return Endpoint(String(text)) != nil || Endpoint(String(text) + ":1") != nil
  }
}
