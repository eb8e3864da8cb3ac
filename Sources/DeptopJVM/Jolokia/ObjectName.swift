/// A bean's name, `domain:key=value,key=value`, taken apart as `javax.management.ObjectName` does.
package struct ObjectName: Hashable {
  package let domain: String
  /// Values without their quotes.
  package let properties: [String: String]
  /// True when it stands for several beans.
  package let isPattern: Bool

  /// nil for what is no name of a bean.
  package init?(_ text: String) {
    guard let colon = text.firstIndex(of: ":"), !text.contains("\n") else { return nil }
    domain = String(text[..<colon])
    var isPattern = domain.contains { $0 == "*" || $0 == "?" }
    var rest = text[text.index(after: colon)...]
    var properties: [String: String] = [:]
    guard !rest.isEmpty else { return nil }
    while !rest.isEmpty {
      if rest == "*" {
        isPattern = true
        break
      }
      guard let equals = rest.firstIndex(of: "="), equals > rest.startIndex else { return nil }
      let key = String(rest[..<equals])
      rest = rest[rest.index(after: equals)...]
      guard let value = Self.takeValue(&rest, isPattern: &isPattern), properties[key] == nil else { return nil }
      properties[key] = value
    }
    self.properties = properties
    self.isPattern = isPattern
  }

  /// Takes a value and the comma after it.
  private static func takeValue(_ rest: inout Substring, isPattern: inout Bool) -> String? {
    var value = ""
    if rest.first == "\"" {
      rest.removeFirst()
      guard takeQuoted(&rest, into: &value, isPattern: &isPattern) else { return nil }
    } else {
      value = String(rest.prefix { $0 != "," })
      rest = rest.dropFirst(value.count)
      guard !value.contains(where: { $0 == "=" || $0 == ":" || $0 == "\"" }) else { return nil }
      if value.contains(where: { $0 == "*" || $0 == "?" }) { isPattern = true }
    }
    guard let next = rest.first else { return value }
    guard next == ",", rest.count > 1 else { return nil }
    rest.removeFirst()
    return value
  }

  /// Takes the rest of a quoted value with its closing quote.
  private static func takeQuoted(_ rest: inout Substring, into value: inout String, isPattern: inout Bool) -> Bool {
    while let character = rest.popFirst() {
      switch character {
      case "\"": return true
      case "\\":
        guard let escaped = rest.popFirst() else { return false }
        value.append(escaped == "n" ? "\n" : escaped)
      case "*", "?":
        isPattern = true
        value.append(character)
      default: value.append(character)
      }
    }
    return false
  }
}
