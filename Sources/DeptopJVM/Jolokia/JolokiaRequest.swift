/// One question or command to a Jolokia agent (its protocol, version 7).
package enum JolokiaRequest: Sendable, Hashable, Encodable {
  /// Attributes of one bean by its exact name.
  case read(mbean: String, attributes: [String])
  /// An operation without arguments of one bean by its exact name.
  case execute(mbean: String, operation: String)
  /// The names of the beans that match a pattern.
  case search(pattern: String)

  private enum CodingKeys: String, CodingKey {
    case type, mbean, attribute, operation, arguments
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    switch self {
    case .read(let mbean, let attributes):
      try container.encode("read", forKey: .type)
      try container.encode(mbean, forKey: .mbean)
      try container.encode(attributes, forKey: .attribute)
    case .execute(let mbean, let operation):
      try container.encode("exec", forKey: .type)
      try container.encode(mbean, forKey: .mbean)
      try container.encode(operation, forKey: .operation)
      try container.encode([String](), forKey: .arguments)
    case .search(let pattern):
      try container.encode("search", forKey: .type)
      try container.encode(pattern, forKey: .mbean)
    }
  }
}
