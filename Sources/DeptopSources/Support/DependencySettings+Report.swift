internal import DeptopConfiguration
internal import DeptopModel

extension DependencySettings {
  /// A report that is about this dependency and says nothing yet.
  var report: ClientReport { ClientReport(name: name, kind: kind, host: host, port: port) }
}
