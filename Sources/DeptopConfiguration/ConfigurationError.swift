/// Why a configuration was not accepted: everything that is wrong with it, not only what was met first.
package struct ConfigurationError: Error, Hashable, CustomStringConvertible {
  /// At least one, in the order of the file.
  package let problems: [Problem]

  package init(problems: [Problem]) {
    self.problems = problems
  }

  /// One line for each problem.
  package var description: String { problems.map(\.description).joined(separator: "\n") }
}

/// One thing that is wrong with a configuration, and where.
package struct Problem: Sendable, Hashable, CustomStringConvertible {
  /// The configuration's path as it was given.
  package let file: String
  /// From 1; nil when the file as a whole is meant.
  package let line: Int?
  /// In Unicode scalars, from 1; nil when the file as a whole is meant.
  package let column: Int?
  /// The path of the key, such as `dependencies[0].endpoint`; empty for the top of the file.
  package let key: String
  /// What was found there, fit for a terminal; nil for collections, unknown keys and secrets.
  package let value: String?
  /// One sentence in lower case: what is expected.
  package let message: String

  /// Makes a problem; what came from the file is cleaned and shortened.
  init(file: String, position: Position?, key: String = "", value: String? = nil, message: String) {
    self.file = file
    line = position?.line
    column = position?.column
    self.key = DisplayText.clean(key, limit: 200)
    self.value = value.map { DisplayText.clean(DisplayText.withoutCredentials($0), limit: 80) }
    self.message = message
  }

  /// `/etc/deptop.yaml:12:5: dependencies[0].endpoint: "foo": expected host:port`.
  package var description: String {
    var place = file
    if let line, let column { place += ":\(line):\(column)" }
    return [place, key.isEmpty ? nil : key, value.map { "\"\($0)\"" }, message].compactMap(\.self)
      .joined(separator: ": ")
  }
}
