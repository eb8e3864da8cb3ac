internal import Yams

/// Turns a document into settings and notes everything that is wrong on the way.
struct SettingsReader {
  let passwords: PasswordReader
  private let standIns: [String: Document.RepeatedKey]
  private(set) var problems: [Problem] = []
  /// Names that were given to PgBouncers.
  var instances: Set<String> = []
  /// Names that were given to Jolokia agents and to actuators.
  var jolokiaInstances: Set<String> = []
  var actuatorInstances: Set<String> = []

  init(passwords: PasswordReader, standIns: [String: Document.RepeatedKey]) {
    self.passwords = passwords
    self.standIns = standIns
  }

  /// True when so much is wrong that reading on would not help.
  var isFull: Bool { problems.count >= Limits.problems }

  mutating func note(_ mistake: Mistake) {
    guard !isFull else { return }
    problems.append(
      Problem(
        file: passwords.path, position: mistake.position, key: mistake.path, value: mistake.value,
        message: mistake.message))
  }

  /// Notes a problem of another file that this one names.
  mutating func note(_ problem: Problem) {
    if !isFull { problems.append(problem) }
  }

  /// Reads a mapping; nil when it is none.
  ///
  /// Unknown and repeated keys are noted and left out.
  mutating func section(_ field: Field, keys: [String]) -> Section? {
    guard !isFull else { return nil }
    let entries: [MappingEntry]
    do throws(Mistake) {
      entries = try field.entries()
    } catch {
      note(error)
      return nil
    }
    var fields: [String: Field] = [:]
    var first: [String: Position] = [:]
    for entry in entries where !isFull {
      let key = standIns[entry.key]?.name ?? entry.key
      if let earlier = first[key] {
        if !entry.isMerged { noteRepetition(of: key, entry, in: field, earlier: earlier) }
        continue
      }
      first[key] = entry.position
      if keys.contains(key) { fields[key] = entry.value } else { noteUnknown(key, entry, in: field, known: keys) }
    }
    return Section(field, fields: fields)
  }

  /// Replaces a default by what stands at a key; a missing key leaves it.
  mutating func read<Value>(
    _ key: String, of section: Section, into target: inout Value, as parse: (Field) throws(Mistake) -> Value
  ) {
    guard let field = section[key], let value = attempt(field, parse) else { return }
    target = value
  }

  /// The value at a key that has to be there.
  mutating func require<Value>(
    _ key: String, of section: Section, as parse: (Field) throws(Mistake) -> Value
  ) -> Value? {
    guard let field = section[key] else {
      let place = section.field
      note(Mistake(path: place.path(of: key), position: place.position, value: nil, message: "is missing"))
      return nil
    }
    return attempt(field, parse)
  }

  mutating func attempt<Value>(_ field: Field, _ parse: (Field) throws(Mistake) -> Value) -> Value? {
    do throws(Mistake) {
      return try parse(field)
    } catch {
      note(error)
      return nil
    }
  }

  private mutating func noteRepetition(
    of key: String, _ entry: MappingEntry, in field: Field, earlier: Position
  ) {
    let message = "the key is given more than once, first in line \(earlier.line)"
    note(Mistake(path: field.path(of: key), position: entry.position, value: nil, message: message))
  }

  /// Notes an unknown key without its value, which may be a secret below a mistyped key.
  private mutating func noteUnknown(_ key: String, _ entry: MappingEntry, in field: Field, known: [String]) {
    let advice =
      if let meant = Suggestion.nearest(to: key, among: known) {
        "did you mean \"\(meant)\"?"
      } else {
        "expected \(DisplayText.alternatives(known))"
      }
    note(Mistake(path: field.path(of: key), position: entry.position, value: nil, message: "unknown key; \(advice)"))
  }
}
