/// A value of a bean's attribute or of an operation, as Jolokia writes it in JSON.
package enum JolokiaValue: Sendable, Hashable, Decodable {
  case null
  case boolean(Bool)
  case number(Double)
  case text(String)
  case list([JolokiaValue])
  case map([String: JolokiaValue])

  package init(from decoder: any Decoder) throws {
    if let container = try? decoder.container(keyedBy: AnyKey.self) {
      // Not a mapping: the other shapes are tried.
      let pairs = try container.allKeys.map { ($0.stringValue, try container.decode(JolokiaValue.self, forKey: $0)) }
      self = .map(Dictionary(pairs, uniquingKeysWith: { first, _ in first }))
      return
    }
    // Not a list: a single value is left.
    if var container = try? decoder.unkeyedContainer() {
      var items: [JolokiaValue] = []
      while !container.isAtEnd { items.append(try container.decode(JolokiaValue.self)) }
      self = .list(items)
      return
    }
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let value = try? container.decode(Bool.self) {
      // Not a boolean: a number or a text.
      self = .boolean(value)
    } else if let value = try? container.decode(Double.self) {
      // Not a number: a text, or the error is thrown.
      self = .number(value)
    } else {
      self = .text(try container.decode(String.self))
    }
  }

  private struct AnyKey: CodingKey {
    var stringValue: String
    var intValue: Int? { nil }

    init?(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  /// The attribute of a mapping; nil when there is none.
  package subscript(key: String) -> JolokiaValue? {
    guard case .map(let values) = self else { return nil }
    return values[key]
  }

  /// A whole number; nil for everything else, and for one that does not fit.
  package var wholeNumber: Int? {
    guard case .number(let value) = self else { return nil }
    return Int(exactly: value)
  }

  package var text: String? {
    guard case .text(let value) = self else { return nil }
    return value
  }

  /// The texts of a list; nil when it is none, or holds anything else.
  package var texts: [String]? {
    guard case .list(let items) = self else { return nil }
    let texts = items.compactMap(\.text)
    return texts.count == items.count ? texts : nil
  }
}
