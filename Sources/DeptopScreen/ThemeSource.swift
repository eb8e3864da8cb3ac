import FoundationEssentials

/// A theme file as it is written, with what it extends already under it.
struct ThemeSource {
  /// An entry, and the file that it stands in, for messages.
  struct Entry {
    var file: String
    var value: ThemeValue
  }

  var file: String
  var name: String
  var description: String
  var parent: String?
  /// `foreground` and `background`, for roles that do not name one.
  var defaults: [String: Entry] = [:]
  var palette: [String: Color] = [:]
  /// The parts of each role: `fg`, `bg`, `style` and `mono`.
  var roles: [String: (file: String, parts: [String: ThemeValue])] = [:]

  static let keys = ["name", "description", "extends", "foreground", "background", "palette", "roles"]
  static let roleKeys = ["fg", "bg", "style", "mono"]

  /// Reads one file, without what it extends.
  ///
  /// - Throws: ``ThemeError`` for bad syntax, wrong types, unknown keys and roles, and bad palette colours.
  init(file: String, source: [UInt8]) throws(ThemeError) {
    let top = try Self.object(in: file, source)
    self.file = file
    for key in top.keys.sorted() where !Self.keys.contains(key) {
      throw ThemeError(file: file, value: key, reason: .unknownKey(known: Self.keys))
    }
    name = try Self.text(top["name"], key: "name", file)
    description = try Self.text(top["description"], key: "description", file)
    if let value = top["extends"] { parent = try Self.text(value, key: "extends", file) }
    for key in ["foreground", "background"] {
      if let value = top[key] { defaults[key] = Entry(file: file, value: value) }
    }
    try readPalette(top["palette"])
    try readRoles(top["roles"])
  }

  /// Puts another theme under this one: its palette, defaults and roles hold where this one has none.
  mutating func extend(_ base: ThemeSource) {
    defaults.merge(base.defaults) { own, _ in own }
    palette.merge(base.palette) { own, _ in own }
    roles.merge(base.roles) { own, _ in own }
  }

  private mutating func readPalette(_ value: ThemeValue?) throws(ThemeError) {
    guard let value else { return }
    for (name, color) in try Self.members(of: value, key: "palette", file).sorted(by: { $0.key < $1.key }) {
      let place = "palette.\(name)"
      let text = try Self.text(color, key: place, file)
      if text.hasPrefix("#") {
        palette[name] = try Color(hex: text, file: file, role: place, depth: nil)
      } else if let index = Color.terminalNames.firstIndex(of: text) {
        palette[name] = .indexed(UInt8(index))
      } else {
        throw ThemeError(file: file, role: place, value: text, reason: .unknownColorName)
      }
    }
  }

  private mutating func readRoles(_ value: ThemeValue?) throws(ThemeError) {
    guard let value else { return }
    for (name, role) in try Self.members(of: value, key: "roles", file).sorted(by: { $0.key < $1.key }) {
      guard Role(rawValue: name) != nil else { throw ThemeError(file: file, value: name, reason: .unknownRole) }
      let parts = try Self.members(of: role, key: name, file)
      for key in parts.keys.sorted() where !Self.roleKeys.contains(key) {
        throw ThemeError(file: file, role: name, value: key, reason: .unknownKey(known: Self.roleKeys))
      }
      roles[name] = (file, parts)
    }
  }

  private static func object(in file: String, _ source: [UInt8]) throws(ThemeError) -> [String: ThemeValue] {
    let decoder = JSONDecoder()
    decoder.allowsJSON5 = true
    do {
      return try members(of: decoder.decode(ThemeValue.self, from: Data(source)), key: nil, file)
    } catch let error as ThemeError {
      throw error
    } catch DecodingError.dataCorrupted(let context) {
      let cause = context.underlyingError.map { "\($0)" } ?? context.debugDescription
      throw ThemeError(file: file, reason: .syntax(cause))
    } catch {
      throw ThemeError(file: file, reason: .syntax("\(error)"))
    }
  }

  private static func members(
    of value: ThemeValue, key: String?, _ file: String
  ) throws(ThemeError) -> [String: ThemeValue] {
    if case .object(let members) = value { return members }
    throw ThemeError(file: file, role: key, value: value.written, reason: .expected("an object in braces"))
  }

  private static func text(_ value: ThemeValue?, key: String, _ file: String) throws(ThemeError) -> String {
    guard let value else { throw ThemeError(file: file, role: key, reason: .expected("there, as a text")) }
    if case .text(let text) = value { return text }
    throw ThemeError(file: file, role: key, value: value.written, reason: .expected("a text"))
  }
}
