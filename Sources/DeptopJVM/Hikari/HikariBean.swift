/// A bean of HikariCP: a pool or its configuration.
///
/// By default the whole `Pool (main)` is the value of the key `type`; with the system property
/// `hikaricp.jmx.register2.0` type and name are keys of their own (HikariCP's `HikariPool.handleMBeans`).
package struct HikariBean: Hashable {
  package enum Kind: String {
    case pool = "Pool"
    case configuration = "PoolConfig"
  }

  static let pattern = "com.zaxxer.hikari:*"
  private static let nameLimit = 255

  package let kind: Kind
  package let pool: String
  /// As the agent wrote it: what it is asked for by.
  package let objectName: String

  /// nil for another bean, and for a name that stands for several.
  package init?(_ text: String) {
    guard let name = ObjectName(text), name.domain == "com.zaxxer.hikari", !name.isPattern,
      let type = name.properties["type"]
    else { return nil }
    objectName = text
    if let pool = name.properties["name"], let kind = Kind(rawValue: type) {
      self.kind = kind
      self.pool = pool
    } else {
      let parts = type.split(separator: " ", maxSplits: 1)
      guard parts.count == 2, let kind = Kind(rawValue: String(parts[0])), parts[1].hasPrefix("("),
        parts[1].hasSuffix(")")
      else { return nil }
      self.kind = kind
      pool = String(parts[1].dropFirst().dropLast())
    }
    guard !pool.isEmpty, pool.unicodeScalars.count <= Self.nameLimit else { return nil }
  }
}
