/// A file that says what the metrics of an ecosystem mean.
package enum MappingFile {
  /// Reads a mapping of at most 1 MiB.
  ///
  /// Blocks while it reads.
  ///
  /// - Throws: ``ConfigurationError`` with every problem that was found, at most 100.
  package static func load(
    path: String, access: FileAccess = .system
  ) throws(ConfigurationError) -> MetricMapping {
    let contents: FileContents
    do throws(FileFailure) {
      contents = try access.read(path, Limits.configurationBytes)
    } catch {
      throw ConfigurationError(file: path, position: nil, message: error.description)
    }
    return try parse(contents.bytes, path: path)
  }

  /// Reads a mapping that is already in memory.
  ///
  /// - Parameters:
  ///   - bytes: The file's text.
  ///   - path: How an error names it.
  /// - Returns: The mapping.
  /// - Throws: ``ConfigurationError`` with every problem that was found, at most 100.
  package static func parse(_ bytes: [UInt8], path: String) throws(ConfigurationError) -> MetricMapping {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw ConfigurationError(file: path, position: nil, message: "is not UTF-8 text")
    }
    let document: Document
    do throws(Document.Malformed) {
      document = try Document(text: text)
    } catch {
      throw ConfigurationError(file: path, position: error.position, key: error.key, message: error.message)
    }
    guard let root = document.root else {
      throw ConfigurationError(file: path, position: nil, message: "holds no mapping")
    }
    // A mapping names no other files: the access is never used.
    let access = FileAccess { (_, _) throws(FileFailure) in throw .notRegular }
    let passwords = PasswordReader(path: path, configuration: FileContents(bytes: [], mode: 0), access: access)
    var reader = SettingsReader(passwords: passwords, standIns: document.standIns)
    let mapping = reader.mapping(Field(root, path: ""))
    if reader.problems.isEmpty, let repeated = document.standIns.values.min(by: { $0.position < $1.position }) {
      throw ConfigurationError(
        file: path, position: repeated.position, key: repeated.name, message: "the key is given more than once")
    }
    guard reader.problems.isEmpty, let mapping else { throw ConfigurationError(unordered: reader.problems) }
    return mapping
  }
}
