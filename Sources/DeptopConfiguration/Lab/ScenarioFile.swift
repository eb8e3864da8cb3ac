/// A file that scripts an outage of the lab.
package enum ScenarioFile {
  /// Reads a scenario that is already in memory.
  ///
  /// - Parameters:
  ///   - bytes: The file's text.
  ///   - path: How an error names it.
  /// - Returns: The scenario; whether there is such a dependency, client or fault is not known here.
  /// - Throws: ``ConfigurationError`` with every problem that was found, at most 100.
  package static func parse(_ bytes: [UInt8], path: String) throws(ConfigurationError) -> Scenario {
    try SelfContainedFile.parse(bytes, path: path, what: "scenario") { reader, root in reader.scenario(root) }
  }

  /// Reads a scenario's file.
  ///
  /// - Parameters:
  ///   - path: Where it is.
  ///   - access: How files are read.
  /// - Returns: As ``parse(_:path:)``.
  /// - Throws: As ``parse(_:path:)``, and for a file that cannot be read or is larger than a configuration may be.
  package static func read(path: String, access: FileAccess = .system) throws(ConfigurationError) -> Scenario {
    let contents: FileContents
    do throws(FileFailure) {
      contents = try access.read(path, Limits.configurationBytes)
    } catch {
      throw ConfigurationError(file: path, position: nil, message: "\(error)")
    }
    return try parse(contents.bytes, path: path)
  }
}

extension Limits {
  /// Steps of a scenario, and faults of a step.
  static let scenarioEntries = 64
  static let captionLength = 240
  static let scenarioTime: ClosedRange<Duration> = .zero ... .seconds(600)
}

extension SettingsReader {
  /// Reads a whole scenario; nil when something that has to be there is missing or wrong.
  mutating func scenario(_ root: Field) -> Scenario? {
    let keys = [
      "scenario", "title", "dependency", "clients", "router", "calm_seconds", "prepare", "steps", "broken", "repair",
      "healed", "heals_by_restart", "findings",
    ]
    guard let section = section(root, keys: keys) else { return nil }
    let name = require("scenario", of: section) { (field) throws(Mistake) in try field.name() }
    let title = require("title", of: section) { (field) throws(Mistake) in
      try field.text(limit: Limits.labelLength * 2)
    }
    let dependency = require("dependency", of: section) { (field) throws(Mistake) in try field.name() }
    let clients = require("clients", of: section) { (field) throws(Mistake) in try field.words() }
    let steps = require("steps", of: section) { (field) throws(Mistake) in
      try field.items(limit: Limits.scenarioEntries)
    }
    let broken = turn("broken", of: section)
    let repair = repair(of: section)
    let healed = turn("healed", of: section)
    guard let name, let title, let dependency, let clients, let steps, let broken, let repair, let healed else {
      return nil
    }
    var scenario = Scenario(
      name: name, title: title, dependency: dependency, clients: clients, needsRouter: false, preparation: [],
      calm: .zero, steps: steps.compactMap { step($0) }, broken: broken, repair: repair, healed: healed,
      healsByRestart: false, findings: [])
    read("router", of: section, into: &scenario.needsRouter) { (field) throws(Mistake) in try field.boolean() }
    read("prepare", of: section, into: &scenario.preparation) { (field) throws(Mistake) in try field.lines() }
    read("calm_seconds", of: section, into: &scenario.calm) { (field) throws(Mistake) in
      try field.seconds(in: Limits.scenarioTime)
    }
    read("heals_by_restart", of: section, into: &scenario.healsByRestart) { (field) throws(Mistake) in
      try field.boolean()
    }
    read("findings", of: section, into: &scenario.findings) { (field) throws(Mistake) in try field.words() }
    return scenario
  }

  private mutating func step(_ item: Field) -> Scenario.Step? {
    guard let section = section(item, keys: ["caption", "faults", "seconds"]),
      let caption = require("caption", of: section, as: { (field) throws(Mistake) in try field.caption() })
    else { return nil }
    var step = Scenario.Step(caption: caption, faults: [], duration: .zero)
    read("faults", of: section, into: &step.faults) { (field) throws(Mistake) in try field.lines() }
    read("seconds", of: section, into: &step.duration) { (field) throws(Mistake) in
      try field.seconds(in: Limits.scenarioTime)
    }
    return step
  }

  private mutating func turn(_ key: String, of parent: Section) -> Scenario.Turn? {
    guard let field = parent[key] else {
      noteMissing(key, of: parent)
      return nil
    }
    guard let section = section(field, keys: ["caption", "failures", "over_seconds", "findings"]),
      let caption = require("caption", of: section, as: { (field) throws(Mistake) in try field.caption() })
    else { return nil }
    var condition = Scenario.Condition(failures: nil, window: .seconds(3), findings: [])
    read("failures", of: section, into: &condition.failures) { (field) throws(Mistake) in try field.share() }
    read("over_seconds", of: section, into: &condition.window) { (field) throws(Mistake) in
      try field.seconds(in: Limits.scenarioTime)
    }
    read("findings", of: section, into: &condition.findings) { (field) throws(Mistake) in try field.words() }
    return Scenario.Turn(caption: caption, condition: condition)
  }

  private mutating func repair(of parent: Section) -> Scenario.Repair? {
    guard let field = parent["repair"] else {
      noteMissing("repair", of: parent)
      return nil
    }
    guard let section = section(field, keys: ["keys", "commands", "pause_seconds"]),
      let keys = require("keys", of: section, as: { (field) throws(Mistake) in try field.words() }),
      let commands = require("commands", of: section, as: { (field) throws(Mistake) in try field.lines() })
    else { return nil }
    var repair = Scenario.Repair(keys: keys, commands: commands, pause: .zero)
    read("pause_seconds", of: section, into: &repair.pause) { (field) throws(Mistake) in
      try field.seconds(in: Limits.scenarioTime)
    }
    return repair
  }

  private mutating func noteMissing(_ key: String, of section: Section) {
    let place = section.field
    note(Mistake(path: place.path(of: key), position: place.position, value: nil, message: "is missing"))
  }
}

extension Field {
  /// A list of lines of text.
  fileprivate func lines() throws(Mistake) -> [String] {
    var lines: [String] = []
    for item in try items(limit: Limits.scenarioEntries) { lines.append(try item.text()) }
    return lines
  }

  fileprivate func caption() throws(Mistake) -> String { try text(limit: Limits.captionLength) }

  /// A share, 0…1.
  fileprivate func share() throws(Mistake) -> Double {
    guard let scalar, !scalar.isText, let value = Double(scalar.text), (0...1).contains(value) else {
      throw expected("a share from 0 to 1")
    }
    return value
  }
}
