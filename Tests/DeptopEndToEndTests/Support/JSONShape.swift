import FoundationEssentials

/// Which keys a JSON value has and of what type their values are, without the values.
///
/// The elements of an array are one: what any of them has counts.
struct JSONShape: Equatable {
  /// The types by path, such as `dependencies[].level`.
  private var types: [String: Set<String>] = [:]

  init(_ text: String) throws {
    add(try JSONDecoder().decode(JSONValue.self, from: Data(text.utf8)), at: "")
  }

  /// One line for each path, sorted.
  var text: String {
    types.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value.sorted().joined(separator: " or "))\n" }.joined()
  }

  var paths: Set<String> { Set(types.keys) }

  /// Without what lies below some paths.
  func without(_ prefixes: [String]) -> JSONShape {
    var rest = self
    rest.types = types.filter { path, _ in !prefixes.contains { path.hasPrefix($0) } }
    return rest
  }

  private mutating func add(_ value: JSONValue, at path: String) {
    switch value {
    case .null: note("null", path)
    case .bool: note("boolean", path)
    case .number: note("number", path)
    case .string: note("string", path)
    case .array(let elements):
      note("array", path)
      for element in elements { add(element, at: path + "[]") }
    case .object(let members):
      if path.isEmpty || path.hasSuffix("[]") || members.isEmpty { note("object", path) }
      for (key, member) in members { add(member, at: path.isEmpty ? key : "\(path).\(key)") }
    }
  }

  private mutating func note(_ type: String, _ path: String) {
    types[path.isEmpty ? "." : path, default: []].insert(type)
  }
}

/// Any JSON value.
private enum JSONValue: Decodable {
  case null
  case bool(Bool)
  case number(Double)
  case string(String)
  case array([JSONValue])
  case object([String: JSONValue])

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let value = try? container.decode(Bool.self) {
      // Each attempt but the right one fails: the decoder does not tell the type beforehand.
      self = .bool(value)
    } else if let value = try? container.decode(Double.self) {
      self = .number(value)
    } else if let value = try? container.decode(String.self) {
      self = .string(value)
    } else if let value = try? container.decode([JSONValue].self) {
      self = .array(value)
    } else {
      self = .object(try container.decode([String: JSONValue].self))
    }
  }
}
