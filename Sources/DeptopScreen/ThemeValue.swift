/// Any value of a JSON5 file, so that a wrong type is reported with its place in the theme.
enum ThemeValue: Decodable, Sendable, Equatable {
  case text(String)
  case integer(Int)
  case list([ThemeValue])
  case object([String: ThemeValue])
  /// A number with a fraction, a truth value or null: nothing that a theme has a use for.
  case other(String)

  init(from decoder: any Decoder) throws {
    // The container's kind is asked for first, because a failed attempt costs more than all that succeed.
    if let keyed = try? decoder.container(keyedBy: AnyKey.self) {
      var object: [String: ThemeValue] = [:]
      for key in keyed.allKeys { object[key.stringValue] = try keyed.decode(ThemeValue.self, forKey: key) }
      self = .object(object)
    } else if var list = try? decoder.unkeyedContainer() {
      var values: [ThemeValue] = []
      while !list.isAtEnd { values.append(try list.decode(ThemeValue.self)) }
      self = .list(values)
    } else {
      self = try Self.scalar(in: decoder.singleValueContainer())
    }
  }

  /// A failed attempt means another type, and the last one is null; so no error is lost.
  private static func scalar(in container: any SingleValueDecodingContainer) throws -> ThemeValue {
    if let text = try? container.decode(String.self) { return .text(text) }
    if let integer = try? container.decode(Int.self) { return .integer(integer) }
    if let number = try? container.decode(Double.self) { return .other("\(number)") }
    if let truth = try? container.decode(Bool.self) { return .other("\(truth)") }
    return .other("null")
  }

  /// The value as it would be written.
  var written: String {
    switch self {
    case .text(let text): text
    case .integer(let number): "\(number)"
    case .list(let values): "[\(values.map(\.written).joined(separator: ", "))]"
    case .object: "{…}"
    case .other(let text): text
    }
  }

  private struct AnyKey: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init?(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }
}
