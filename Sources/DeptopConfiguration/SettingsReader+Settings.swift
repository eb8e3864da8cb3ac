extension SettingsReader {
  /// Reads the whole document.
  mutating func settings(_ root: Field) -> Settings {
    var settings = Settings()
    let keys = [
      "tick_interval_seconds", "state_directory", "environment", "access", "policy", "actions", "ingest",
      "mappings", "sources", "dependencies",
    ]
    guard !root.isNull, let section = section(root, keys: keys) else { return settings }
    read("tick_interval_seconds", of: section, into: &settings.tickInterval) { (field) throws(Mistake) in
      try field.seconds(in: Limits.tickInterval)
    }
    read("state_directory", of: section, into: &settings.stateDirectory) { (field) throws(Mistake) in
      try field.absolutePath()
    }
    if let field = section["environment"] { readEnvironment(field, into: &settings.environment) }
    if let field = section["access"] { readAccess(field, into: &settings.access) }
    if let field = section["policy"] { readPolicy(field, into: &settings.policy) }
    if let field = section["actions"] { readActions(field, into: &settings.actions) }
    if let field = section["ingest"] { readIngest(field, into: &settings.ingest) }
    if let field = section["mappings"] { readMappings(field, into: &settings.mappings) }
    if let field = section["sources"] { readSources(field, into: &settings) }
    if let field = section["dependencies"] { readDependencies(field, into: &settings.dependencies) }
    return settings
  }

  private mutating func readEnvironment(_ field: Field, into settings: inout EnvironmentSettings) {
    guard !field.isNull, let section = section(field, keys: ["label", "production"]) else { return }
    read("label", of: section, into: &settings.label) { (field) throws(Mistake) in
      try field.text(limit: Limits.labelLength)
    }
    read("production", of: section, into: &settings.isProduction) { (field) throws(Mistake) in try field.boolean() }
  }

  private mutating func readAccess(_ field: Field, into settings: inout AccessSettings) {
    guard !field.isNull, let section = section(field, keys: ["viewers", "operators"]) else { return }
    if let field = section["viewers"], let principals = principals(field) { settings.viewers = principals }
    if let field = section["operators"], let principals = principals(field) { settings.operators = principals }
  }

  /// Reads `everyone` or named users and groups; a list that is left out is empty.
  mutating func principals(_ field: Field) -> Principals? {
    guard field.shape == "a mapping" else {
      if field.scalar?.text == "everyone" { return .everyone }
      note(field.expected("everyone, or a mapping of users and groups"))
      return nil
    }
    guard let section = section(field, keys: ["users", "groups"]) else { return nil }
    return .named(users: names("users", of: section), groups: names("groups", of: section))
  }

  mutating func names(_ key: String, of section: Section) -> [String] {
    guard let field = section[key],
      let items = attempt(field, { (field) throws(Mistake) in try field.items(limit: Limits.principals) })
    else { return [] }
    return items.compactMap { item in
      attempt(item) { (item) throws(Mistake) in try item.text("a name or a number") }
    }
  }
}
