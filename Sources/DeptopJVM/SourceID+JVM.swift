package import DeptopModel

extension SourceID {
  /// The source that reads the Jolokia agent of this name.
  package static func jolokia(_ name: String) -> SourceID { SourceID(rawValue: "jolokia/\(name)") }
  /// The source that reads the Spring actuator of this name.
  package static func actuator(_ name: String) -> SourceID { SourceID(rawValue: "actuator/\(name)") }
}
