extension SettingsReader {
  mutating func readJolokias(_ field: Field, into settings: inout [JolokiaSettings]) {
    let keys = [
      "name", "url", "user", "password", "password_file", "interval_seconds", "timeout_seconds",
      "drain_timeout_seconds",
    ]
    readEntries(field, keys: keys) { (reader, section, name) in
      if let name { reader.jolokiaInstances.insert(name) }
      var entry = JolokiaSettings(name: name ?? "")
      reader.read("url", of: section, into: &entry.url) { (field) throws(Mistake) in try field.httpURL() }
      (entry.user, entry.password) = reader.credentials(of: section)
      reader.readPoll(section, interval: &entry.interval, timeout: &entry.timeout)
      reader.read("drain_timeout_seconds", of: section, into: &entry.drainTimeout) { (field) throws(Mistake) in
        try field.seconds(in: Limits.drainTimeout)
      }
      if name != nil { settings.append(entry) }
    }
  }

  mutating func readActuators(_ field: Field, into settings: inout [ActuatorSettings]) {
    let keys = ["name", "url", "user", "password", "password_file", "interval_seconds", "timeout_seconds"]
    readEntries(field, keys: keys) { (reader, section, name) in
      if let name { reader.actuatorInstances.insert(name) }
      var entry = ActuatorSettings(name: name ?? "")
      reader.read("url", of: section, into: &entry.url) { (field) throws(Mistake) in try field.httpURL() }
      (entry.user, entry.password) = reader.credentials(of: section)
      reader.readPoll(section, interval: &entry.interval, timeout: &entry.timeout)
      if name != nil { settings.append(entry) }
    }
  }

  /// Reads a dependency's pool in a JVM; the agents have to be known by then.
  mutating func jolokiaPool(_ field: Field) -> JolokiaPool? {
    guard let section = section(field, keys: ["instance", "pool"]) else { return nil }
    let instance = instance(of: section, in: "sources.jolokia", known: jolokiaInstances)
    let pool = require("pool", of: section) { (field) throws(Mistake) in try field.text() }
    guard let instance, let pool else { return nil }
    return JolokiaPool(instance: instance, pool: pool)
  }

  /// Reads a dependency's breaker in an application; the actuators have to be known by then.
  mutating func actuatorBreaker(_ field: Field) -> ActuatorBreaker? {
    guard let section = section(field, keys: ["instance", "breaker"]) else { return nil }
    let instance = instance(of: section, in: "sources.actuator", known: actuatorInstances)
    let breaker = require("breaker", of: section) { (field) throws(Mistake) in try field.text() }
    guard let instance, let breaker else { return nil }
    return ActuatorBreaker(instance: instance, breaker: breaker)
  }

  private mutating func instance(of section: Section, in list: String, known: Set<String>) -> String? {
    require("instance", of: section) { (field) throws(Mistake) in
      let name = try field.name()
      guard known.contains(name) else {
        throw field.mistake(Self.unknownInstance(name, of: list, known: known.sorted()))
      }
      return name
    }
  }

  /// Reads a list of named entries.
  mutating func readEntries(
    _ field: Field, keys: [String], _ read: (inout SettingsReader, Section, String?) -> Void
  ) {
    guard !field.isNull,
      let items = attempt(field, { (field) throws(Mistake) in try field.items(limit: Limits.jvms) })
    else { return }
    var first: [String: Position] = [:]
    for item in items {
      guard let section = section(item, keys: keys) else { continue }
      let name = require("name", of: section) { (field) throws(Mistake) in try field.name() }
      if let name, let field = section["name"] { checkUnique(name, field, first: &first, what: "the name") }
      read(&self, section, name)
    }
  }

  mutating func readPoll(_ section: Section, interval: inout Duration, timeout: inout Duration) {
    read("interval_seconds", of: section, into: &interval) { (field) throws(Mistake) in
      try field.seconds(in: Limits.pollInterval)
    }
    read("timeout_seconds", of: section, into: &timeout) { (field) throws(Mistake) in
      try field.seconds(in: Limits.timeout)
    }
  }

  /// Reads user and password, which are of no use without each other.
  mutating func credentials(of section: Section) -> (String?, Secret?) {
    var user: String?
    read("user", of: section, into: &user) { (field) throws(Mistake) in try field.text() }
    let password = password(of: section)
    if section["user"] == nil, let field = section["password"] ?? section["password_file"] {
      note(field.mistake("a password needs a user beside it", isSecret: true))
    }
    return (user, password)
  }
}
