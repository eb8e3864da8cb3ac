internal import DeptopModel

extension SettingsReader {
  /// Reads the dependencies; the proxies and JVMs have to be known by then.
  mutating func readDependencies(_ field: Field, into settings: inout [DependencySettings]) {
    guard !field.isNull,
      let items = attempt(field, { (field) throws(Mistake) in try field.items(limit: Limits.dependencies) })
    else { return }
    var first: [String: Position] = [:]
    for item in items where !isFull {
      guard let dependency = dependency(item, first: &first) else { continue }
      settings.append(dependency)
    }
  }

  private mutating func dependency(_ item: Field, first: inout [String: Position]) -> DependencySettings? {
    let keys = ["name", "kind", "endpoint", "pgbouncer", "jolokia", "actuator", "probe", "path"]
    guard let section = section(item, keys: keys) else { return nil }
    let name = require("name", of: section) { (field) throws(Mistake) in try field.name() }
    if let name, let field = section["name"] { checkUnique(name, field, first: &first, what: "the name") }
    let endpoint = require("endpoint", of: section) { (field) throws(Mistake) in try field.endpoint() }
    var settings = DependencySettings(name: name ?? "", host: endpoint?.host ?? "", port: endpoint?.port ?? 0)
    read("kind", of: section, into: &settings.kind) { (field) throws(Mistake) in
      ServiceKind(rawValue: try field.name())
    }
    if let field = section["pgbouncer"] { settings.pgbouncer = database(field) }
    if let field = section["jolokia"] { settings.jolokia = jolokiaPool(field) }
    if let field = section["actuator"] { settings.actuator = actuatorBreaker(field) }
    read("probe", of: section, into: &settings.isProbed) { (field) throws(Mistake) in try field.boolean() }
    if let field = section["path"] { readPath(field, into: &settings.path) }
    return name == nil || endpoint == nil ? nil : settings
  }

  private mutating func readPath(_ field: Field, into settings: inout PathSettings) {
    guard !field.isNull, let section = section(field, keys: ["idle_timeout_seconds", "mtu", "size_probe"]) else {
      return
    }
    read("idle_timeout_seconds", of: section, into: &settings.idleTimeout) { (field) throws(Mistake) in
      try field.seconds(in: Limits.idleTimeout)
    }
    read("mtu", of: section, into: &settings.mtu) { (field) throws(Mistake) in
      try field.integer(in: Limits.mtu, unit: "bytes")
    }
    read("size_probe", of: section, into: &settings.isSizeProbed) { (field) throws(Mistake) in try field.boolean() }
  }

  private mutating func database(_ field: Field) -> PgBouncerDatabase? {
    guard let section = section(field, keys: ["instance", "database"]) else { return nil }
    let known = instances
    let instance = require("instance", of: section) { (field) throws(Mistake) in
      let name = try field.name()
      guard known.contains(name) else {
        throw field.mistake(Self.unknownInstance(name, of: "sources.pgbouncer", known: known.sorted()))
      }
      return name
    }
    let database = require("database", of: section) { (field) throws(Mistake) in try field.text() }
    guard let instance, let database else { return nil }
    return PgBouncerDatabase(instance: instance, database: database)
  }

  static func unknownInstance(_ name: String, of list: String, known: [String]) -> String {
    let message = "no entry of \(list) has this name"
    if let meant = Suggestion.nearest(to: name, among: known) { return "\(message); did you mean \"\(meant)\"?" }
    return known.isEmpty ? message : "\(message); there is \(DisplayText.alternatives(known))"
  }
}
