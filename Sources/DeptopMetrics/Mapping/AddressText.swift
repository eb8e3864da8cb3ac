internal import DeptopModel

/// An endpoint as clients write it.
///
/// Such as `db:5432`, `outbound|80||pay.svc`, `postgresql+psycopg://u@db:5432/app`, `dns:///pay.svc:50051`.
struct AddressText {
  var host: String?
  var port: UInt16?
  /// The text itself, without a password, when it is no endpoint.
  var name: String?
  /// What the scheme says that the endpoint speaks.
  var kind: ServiceKind?

  /// The schemes of gRPC's naming that lead to a host, and those that lead to a name.
  private static let resolving = ["dns:", "passthrough:", "ipv4:", "ipv6:"]
  private static let naming = ["xds:", "unix:", "unix-abstract:"]

  init(_ text: String) {
    let address = text.hasPrefix("jdbc:") ? text.dropFirst(5) : text[...]
    let parts = address.split(separator: "|", omittingEmptySubsequences: false)
    if parts.count == 4, takeEndpoint("\(parts[3]):\(parts[1])", needsPort: true) {
      // Istio's cluster names: direction, port, subset and host.
      return
    }
    if AddressText.naming.contains(where: address.hasPrefix) {
      name = String(address.split(separator: "///", maxSplits: 1).last ?? address)
    } else if let scheme = AddressText.resolving.first(where: address.hasPrefix) {
      takeTarget(address.dropFirst(scheme.count))
    } else if let marks = address.firstRange(of: "://") {
      takeURL(scheme: address[..<marks.lowerBound], rest: address[marks.upperBound...])
    } else if !takeEndpoint(address.prefix { $0 != "/" }, needsPort: true) {
      name = String(address)
    }
  }

  /// Takes what follows a gRPC scheme: `//authority/host:port` or `host:port`.
  private mutating func takeTarget(_ rest: Substring) {
    var endpoint = rest
    if rest.hasPrefix("//") { endpoint = rest.dropFirst(2).drop { $0 != "/" }.dropFirst() }
    if !takeEndpoint(endpoint, needsPort: false) { name = String(rest) }
  }

  private mutating func takeURL(scheme: Substring, rest: Substring) {
    let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
    // The user and the password end at the last @ before the path.
    let endpoint = authority.lastIndex(of: "@").map { authority[authority.index(after: $0)...] } ?? authority
    let word = scheme.prefix { $0 != "+" && $0 != ":" }
    if !word.isEmpty, word.utf8.count <= 32 { kind = ServiceKind(written: word) }
    if !takeEndpoint(endpoint, needsPort: false) {
      name = "\(scheme)://\(endpoint)\(rest[authority.endIndex...].prefix { $0 != "?" })"
    }
  }

  /// Takes `host`, `host:port` or `[address]:port`; false when it is none.
  private mutating func takeEndpoint(_ text: Substring, needsPort: Bool) -> Bool {
    var host = text
    var port: UInt16?
    if let colon = text.lastIndex(of: ":"), !text.hasSuffix("]"),
      text.hasPrefix("[") || text.firstIndex(of: ":") == colon
    {
      guard let number = UInt16(text[text.index(after: colon)...]), number > 0 else { return false }
      port = number
      host = text[..<colon]
    }
    if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
    let isHost = !host.isEmpty && host.utf8.count <= 253 && !host.contains { $0.isWhitespace || "@/,()\"".contains($0) }
    guard isHost, port != nil || !needsPort else { return false }
    (self.host, self.port) = (String(host), port)
    return true
  }
}

extension ServiceKind {
  /// Takes a kind as clients write it: what deptop knows by another word gets deptop's.
  init(written text: some StringProtocol) {
    let word = text.lowercased()
    self.init(rawValue: ServiceKind.otherWords[word] ?? word)
  }

  /// The words of OpenTelemetry's `db.system.name` and of URLs that differ from deptop's.
  private static let otherWords = [
    "postgresql": "postgres", "microsoft.sql_server": "mssql", "sqlserver": "mssql", "oracle.db": "oracle",
    "rediss": "redis", "mariadb": "mysql",
  ]
}
