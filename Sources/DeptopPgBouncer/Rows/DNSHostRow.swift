package import DeptopModel

/// One name of `SHOW DNS_HOSTS`: PgBouncer's own cache.
package struct DNSHostRow: Sendable, Hashable {
  package var name: String
  /// Empty when it remembers a failure.
  package var addresses: [IPAddress]
  /// How long the entry is still used; zero when the next connection asks again.
  package var remaining: Duration

  /// nil when the row lacks a column that every version has.
  package init?(_ row: ConsoleRow) {
    guard let name = row.text("hostname"), let remaining = row.seconds("ttl"), let list = row.text("addrs")
    else { return nil }
    self.name = name
    self.remaining = max(remaining, .zero)
    addresses = list.split(separator: ",").compactMap { DNSHostRow.address(in: $0) }
  }

  /// True for the same host name, whatever its case or final dot.
  package func names(_ host: String) -> Bool {
    DNSHostRow.canonical(name) == DNSHostRow.canonical(host)
  }

  /// The address of `10.0.3.7:0` or `[2001:db8::7]:0`.
  private static func address(in entry: Substring) -> IPAddress? {
    guard let colon = entry.lastIndex(of: ":") else { return nil }
    return IPAddress(String(entry[..<colon].filter { $0 != "[" && $0 != "]" && $0 != " " }))
  }

  private static func canonical(_ name: String) -> String {
    let lower = name.lowercased()
    return lower.hasSuffix(".") ? String(lower.dropLast()) : lower
  }
}
