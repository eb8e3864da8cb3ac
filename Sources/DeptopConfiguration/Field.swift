internal import Yams

/// A value of a configuration, with the place and the path that an error names.
struct Field {
  let node: Node
  /// Such as `sources.pgbouncer[0].host`; empty for the top of the file.
  let path: String
  let position: Position

  init(_ node: Node, path: String, position: Position? = nil) {
    self.node = node
    self.path = path
    self.position = node.mark.map { Position($0) } ?? position ?? Position(line: 1, column: 1)
  }

  /// The path of a key below this one.
  func path(of key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

  /// A single value as it was written.
  struct Scalar {
    let text: String
    let isQuoted: Bool
    /// True when quotes, a block or `!!str` say that it is text, whatever it looks like.
    let isText: Bool

    /// The boolean of YAML 1.1 that an unquoted word is, which includes `yes`, `no`, `on` and `off`.
    var boolean: Bool? {
      guard !isText else { return nil }
      switch text {
      case "true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON": return true
      case "false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF": return false
      default: return nil
      }
    }

    var isNull: Bool { !isText && ["", "~", "null", "Null", "NULL"].contains(text) }
  }

  /// nil for lists and mappings.
  var scalar: Scalar? {
    guard case .scalar(let scalar) = node else { return nil }
    let isQuoted = scalar.style != .plain && scalar.style != .any
    let isText = isQuoted || scalar.tag.rawValue == Tag.Name.str.rawValue
    return Scalar(text: scalar.string, isQuoted: isQuoted, isText: isText)
  }

  /// True when the key has no value.
  var isNull: Bool { scalar?.isNull == true }

  /// What the value is instead of what was expected; nil for a scalar with a value.
  var shape: String? {
    switch node {
    case .mapping: "a mapping"
    case .sequence: "a list"
    case .scalar, .alias: isNull ? "nothing" : nil
    }
  }

  /// A tag that would change what the value means; nil for the usual ones.
  var foreignTag: String? {
    let (tag, usual): (Tag, Tag.Name) =
      switch node {
      case .scalar(let scalar): (scalar.tag, .str)
      case .mapping(let mapping): (mapping.tag, .map)
      case .sequence(let sequence): (sequence.tag, .seq)
      case .alias(let alias): (alias.tag, .str)
      }
    return ["", "!", usual.rawValue].contains(tag.rawValue) ? nil : tag.rawValue
  }
}

/// A value that is not what its key needs.
struct Mistake: Error {
  let path: String
  let position: Position
  let value: String?
  let message: String
}

extension Field {
  /// An error about this value, which it quotes unless it is secret.
  func mistake(_ message: String, isSecret: Bool = false) -> Mistake {
    let value = isSecret || isNull ? nil : scalar?.text
    return Mistake(path: path, position: position, value: value, message: message)
  }

  /// An error that says what was expected, and what stands there when that is not a plain value.
  func expected(_ expectation: String, isSecret: Bool = false) -> Mistake {
    if let foreignTag { return mistake("the tag \(foreignTag) is not supported", isSecret: isSecret) }
    return mistake("expected \(expectation)" + (shape.map { ", not \($0)" } ?? ""), isSecret: isSecret)
  }
}
