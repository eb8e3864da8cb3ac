package import FoundationEssentials

/// JSON as the socket speaks it: keys sorted, so that equal values are equal bytes.
package struct WireCoding: Sendable {
  package init() {}

  package func encode(_ value: some Encodable) throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return try encoder.encode(value)
  }

  /// One line of a stream, with its line feed.
  package func encodeLine(_ value: some Encodable) throws -> Data {
    var line = try encode(value)
    line.append(UInt8(ascii: "\n"))
    return line
  }

  package func decode<Value: Decodable>(_ type: Value.Type, from data: Data) throws -> Value {
    try JSONDecoder().decode(type, from: data)
  }
}
