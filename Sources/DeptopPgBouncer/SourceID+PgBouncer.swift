package import DeptopModel

extension SourceID {
  /// The source that reads the PgBouncer of this name.
  package static func pgbouncer(_ name: String) -> SourceID { SourceID(rawValue: "pgbouncer/\(name)") }
}
