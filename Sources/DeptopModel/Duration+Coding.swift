// A duration travels as a plain number of seconds; its JSON key ends in `Seconds`. These overloads are
// chosen by synthesized `Codable` conformances because they are more specific than the generic ones.

extension KeyedEncodingContainer {
  package mutating func encode(_ value: Duration, forKey key: Key) throws {
    try encode((value.seconds * 1e6).rounded() / 1e6, forKey: key)
  }

  package mutating func encodeIfPresent(_ value: Duration?, forKey key: Key) throws {
    try encodeIfPresent(value.map { ($0.seconds * 1e6).rounded() / 1e6 }, forKey: key)
  }
}

extension KeyedDecodingContainer {
  package func decode(_ type: Duration.Type, forKey key: Key) throws -> Duration {
    try duration(try decode(Double.self, forKey: key), forKey: key)
  }

  package func decodeIfPresent(_ type: Duration.Type, forKey key: Key) throws -> Duration? {
    try decodeIfPresent(Double.self, forKey: key).map { try duration($0, forKey: key) }
  }

  private func duration(_ seconds: Double, forKey key: Key) throws -> Duration {
    guard seconds.magnitude <= WallTime.largestSeconds else {
      throw DecodingError.dataCorruptedError(
        forKey: key, in: self, debugDescription: "expected at most \(WallTime.largestSeconds) s, not \(seconds) s")
    }
    return .seconds(seconds)
  }
}
