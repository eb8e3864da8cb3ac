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
    try SelfContainedFile.parse(bytes, path: path, what: "mapping") { reader, root in reader.mapping(root) }
  }
}
