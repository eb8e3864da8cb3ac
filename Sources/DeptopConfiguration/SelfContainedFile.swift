/// A YAML file that names no other files.
enum SelfContainedFile {
  /// Reads what is in memory already.
  ///
  /// - Parameters:
  ///   - bytes: The file's text.
  ///   - path: How an error names it.
  ///   - what: What it has to hold, in one word.
  ///   - read: Reads the top of the file; nil where it noted a problem.
  /// - Returns: What was read.
  /// - Throws: ``ConfigurationError`` with every problem that was found, at most 100.
  static func parse<Value>(
    _ bytes: [UInt8], path: String, what: String, _ read: (inout SettingsReader, Field) -> Value?
  ) throws(ConfigurationError) -> Value {
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
      throw ConfigurationError(file: path, position: nil, message: "holds no \(what)")
    }
    // It names no other files: the access is never used.
    let access = FileAccess { (_, _) throws(FileFailure) in throw .notRegular }
    let passwords = PasswordReader(path: path, configuration: FileContents(bytes: [], mode: 0), access: access)
    var reader = SettingsReader(passwords: passwords, standIns: document.standIns)
    let value = read(&reader, Field(root, path: ""))
    if reader.problems.isEmpty, let repeated = document.standIns.values.min(by: { $0.position < $1.position }) {
      throw ConfigurationError(
        file: path, position: repeated.position, key: repeated.name, message: "the key is given more than once")
    }
    guard reader.problems.isEmpty, let value else { throw ConfigurationError(unordered: reader.problems) }
    return value
  }
}
