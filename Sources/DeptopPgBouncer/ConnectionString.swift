internal import DeptopConfiguration
internal import DeptopModel

extension PgBouncerSettings {
  /// Where it is, as the operator knows it: `host:port`, or the path of the Unix socket.
  package var place: String {
    if host.hasPrefix("/") { return "\(host)/.s.PGSQL.\(port)" }
    return IPAddress(host).map { SocketAddress($0, port: port).description } ?? "\(host):\(port)"
  }

  /// What libpq needs to log in to the admin console.
  ///
  /// The addresses are those of the host's name; there are none when it needs no look-up.
  func connectionString(addresses: [IPAddress]) -> String {
    var parameters: [(key: String, value: String)] = []
    if addresses.isEmpty {
      parameters += [("host", host), ("port", "\(port)")]
    } else {
      parameters.append(("host", addresses.map { _ in host }.joined(separator: ",")))
      parameters.append(("hostaddr", addresses.map(\.description).joined(separator: ",")))
      parameters.append(("port", "\(port)"))
    }
    parameters += [("user", user), ("dbname", "pgbouncer"), ("application_name", "deptop")]
    // Kerberos encryption would cost a round trip and a ticket look-up that have no deadline.
    parameters.append(("gssencmode", "disable"))
    if let password { parameters.append(("password", password.value)) }
    return parameters.map { "\($0.key)='\(escaped($0.value))'" }.joined(separator: " ")
  }
}

private func escaped(_ value: String) -> String {
  var text = ""
  for character in value {
    if character == "'" || character == "\\" { text.append("\\") }
    text.append(character)
  }
  return text
}
