internal import Yams

/// The collector's configuration file.
package enum ConfigurationFile {
  /// Reads and checks a configuration of at most 1 MiB; an empty file asks for the defaults.
  ///
  /// The files that it names, such as a password's, are read by the same access. Blocks while it reads.
  ///
  /// - Throws: ``ConfigurationError`` with every problem that was found, at most 100.
  package static func load(
    path: String, access: FileAccess = .system
  ) throws(ConfigurationError) -> Settings {
    let contents: FileContents
    do throws(FileFailure) {
      contents = try access.read(path, Limits.configurationBytes)
    } catch {
      throw ConfigurationError(file: path, position: nil, message: error.description)
    }
    guard let text = String(validating: contents.bytes, as: UTF8.self) else {
      throw ConfigurationError(file: path, position: nil, message: "is not UTF-8 text")
    }
    return try parse(text, path: path, contents: contents, access: access)
  }

  private static func parse(
    _ text: String, path: String, contents: FileContents, access: FileAccess
  ) throws(ConfigurationError) -> Settings {
    let document: Document
    do throws(Document.Malformed) {
      document = try Document(text: text)
    } catch {
      throw ConfigurationError(file: path, position: error.position, key: error.key, message: error.message)
    }
    guard let root = document.root else { return Settings() }
    let passwords = PasswordReader(path: path, configuration: contents, access: access)
    var reader = SettingsReader(passwords: passwords, standIns: document.standIns)
    let settings = reader.settings(Field(root, path: ""))
    if reader.problems.isEmpty, let repeated = document.standIns.values.min(by: { $0.position < $1.position }) {
      throw ConfigurationError(
        file: path, position: repeated.position, key: repeated.name, message: "the key is given more than once")
    }
    guard reader.problems.isEmpty else { throw ConfigurationError(unordered: reader.problems) }
    return settings
  }
}

extension ConfigurationError {
  init(file: String, position: Position?, key: String = "", message: String) {
    self.init(problems: [Problem(file: file, position: position, key: key, message: message)])
  }

  /// Orders problems by their place; those in one place stay in the order in which they were found.
  init(unordered problems: [Problem]) {
    let ordered = problems.enumerated().sorted {
      ($0.element.line ?? 0, $0.element.column ?? 0, $0.offset)
        < ($1.element.line ?? 0, $1.element.column ?? 0, $1.offset)
    }
    self.init(problems: ordered.map(\.element))
  }
}
