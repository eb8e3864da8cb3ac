internal import DeptopModel

extension SettingsReader {
  mutating func readSources(_ field: Field, into settings: inout Settings) {
    let keys = ["kernel", "dns", "names", "probe", "pgbouncer", "jolokia", "actuator", "prometheus"]
    guard !field.isNull, let section = section(field, keys: keys) else { return }
    if let field = section["kernel"] { readKernel(field, into: &settings.kernel) }
    if let field = section["dns"] { readDNS(field, into: &settings.dns) }
    if let field = section["names"] { readNames(field, into: &settings.names) }
    if let field = section["probe"] { readProbe(field, into: &settings.probe) }
    if let field = section["pgbouncer"] { readPgBouncers(field, into: &settings.pgbouncers) }
    if let field = section["jolokia"] { readJolokias(field, into: &settings.jolokias) }
    if let field = section["actuator"] { readActuators(field, into: &settings.actuators) }
    if let field = section["prometheus"] { readPrometheuses(field, into: &settings.prometheuses) }
  }

  private mutating func readKernel(_ field: Field, into settings: inout KernelSettings) {
    guard !field.isNull, let section = section(field, keys: ["interval_seconds", "timeout_seconds"]) else { return }
    read("interval_seconds", of: section, into: &settings.interval) { (field) throws(Mistake) in
      try field.seconds(in: Limits.pollInterval)
    }
    read("timeout_seconds", of: section, into: &settings.timeout) { (field) throws(Mistake) in
      try field.seconds(in: Limits.timeout)
    }
  }

  private mutating func readProbe(_ field: Field, into settings: inout ProbeSettings) {
    guard !field.isNull, let section = section(field, keys: ["interval_seconds", "timeout_seconds"]) else { return }
    read("interval_seconds", of: section, into: &settings.interval) { (field) throws(Mistake) in
      try field.seconds(in: Limits.probeInterval)
    }
    read("timeout_seconds", of: section, into: &settings.timeout) { (field) throws(Mistake) in
      try field.seconds(in: Limits.timeout)
    }
  }

  private mutating func readDNS(_ field: Field, into settings: inout DNSSettings) {
    let keys = ["resolvers", "minimum_interval_seconds", "timeout_seconds"]
    guard !field.isNull, let section = section(field, keys: keys) else { return }
    if let field = section["resolvers"], !field.isNull { settings.resolvers = resolvers(field) }
    read("minimum_interval_seconds", of: section, into: &settings.minimumInterval) { (field) throws(Mistake) in
      try field.seconds(in: Limits.nameInterval)
    }
    read("timeout_seconds", of: section, into: &settings.timeout) { (field) throws(Mistake) in
      try field.seconds(in: Limits.timeout)
    }
  }

  private mutating func resolvers(_ field: Field) -> [String] {
    let items = attempt(field) { (field) throws(Mistake) in try field.items(limit: Limits.resolvers) }
    var first: [String: Position] = [:]
    return (items ?? []).compactMap { item in
      guard let resolver = attempt(item, { (item) throws(Mistake) in try item.resolver() }) else { return nil }
      checkUnique(resolver.address.description, item, first: &first, what: "the resolver")
      return resolver.text
    }
  }

  private mutating func readPgBouncers(_ field: Field, into settings: inout [PgBouncerSettings]) {
    guard !field.isNull,
      let items = attempt(field, { (field) throws(Mistake) in try field.items(limit: Limits.pgbouncers) })
    else { return }
    var first: [String: Position] = [:]
    for item in items {
      guard let pgbouncer = pgbouncer(item, first: &first) else { continue }
      settings.append(pgbouncer)
    }
  }

  private mutating func pgbouncer(_ item: Field, first: inout [String: Position]) -> PgBouncerSettings? {
    let keys = [
      "name", "host", "port", "user", "password", "password_file", "interval_seconds", "timeout_seconds",
      "drain_timeout_seconds",
    ]
    guard let section = section(item, keys: keys) else { return nil }
    let name = require("name", of: section) { (field) throws(Mistake) in try field.name() }
    if let name, let field = section["name"] {
      checkUnique(name, field, first: &first, what: "the name")
      instances.insert(name)
    }
    var settings = PgBouncerSettings(name: name ?? "")
    read("host", of: section, into: &settings.host) { (field) throws(Mistake) in try field.hostOrDirectory() }
    read("port", of: section, into: &settings.port) { (field) throws(Mistake) in try field.port() }
    read("user", of: section, into: &settings.user) { (field) throws(Mistake) in try field.text() }
    settings.password = password(of: section)
    read("interval_seconds", of: section, into: &settings.interval) { (field) throws(Mistake) in
      try field.seconds(in: Limits.pollInterval)
    }
    read("timeout_seconds", of: section, into: &settings.timeout) { (field) throws(Mistake) in
      try field.seconds(in: Limits.timeout)
    }
    read("drain_timeout_seconds", of: section, into: &settings.drainTimeout) { (field) throws(Mistake) in
      try field.seconds(in: Limits.drainTimeout)
    }
    return name == nil ? nil : settings
  }

  /// Reads a password, inline or from a file of its own; nil when there is none or it is refused.
  mutating func password(of section: Section) -> Secret? {
    let passwords = passwords
    if let inline = section["password"] {
      if section["password_file"] != nil {
        note(inline.mistake("give either password or password_file", isSecret: true))
      }
      return attempt(inline) { (field) throws(Mistake) in try passwords.inline(field) }
    }
    guard let field = section["password_file"] else { return nil }
    return attempt(field) { (field) throws(Mistake) in try passwords.file(field) }
  }

  /// Notes a value that an earlier entry of its list has.
  mutating func checkUnique(_ value: String, _ field: Field, first: inout [String: Position], what: String) {
    if let earlier = first[value] {
      note(field.mistake("\(what) is already used in line \(earlier.line)"))
    } else {
      first[value] = field.position
    }
  }
}
