package import DeptopModel

/// The names that always mean this host, and that no resolver is asked for (RFC 6761, section 6.3).
package enum LoopbackName {
  /// 127.0.0.1 and ::1.
  package static let addresses = [IPAddress(v4: 0x7f00_0001), IPAddress(v6High: 0, low: 1)]

  /// True for `localhost` and for every name below it.
  package static func contains(_ name: String) -> Bool {
    let label = name.split(separator: ".").last
    return label?.lowercased() == "localhost"
  }
}
