/// What applications may hand in.
package struct IngestSettings: Sendable, Hashable {
  /// Who may report; everyone unless configured.
  package var reporters = Principals.everyone
  /// A TCP port on 127.0.0.1 that takes the same as the ingest socket; nil for none.
  package var port: UInt16?

  package init() {}
}

extension SettingsReader {
  mutating func readIngest(_ field: Field, into settings: inout IngestSettings) {
    guard !field.isNull, let section = section(field, keys: ["reporters", "port"]) else { return }
    if let field = section["reporters"], let principals = principals(field) { settings.reporters = principals }
    read("port", of: section, into: &settings.port) { (field) throws(Mistake) in try field.port() }
  }
}
