/// The version of the socket API, and the paths below which it is served.
package enum API {
  /// Grows when a reader of the previous version could be misled; new fields and routes do not count.
  package static let version = 1
  /// Carries ``version`` on every answer.
  package static let versionHeader = "deptop-api-version"

  package static let health = "/healthz"
  package static let snapshot = "/v1/snapshot"
  package static let stream = "/v1/stream"
  package static let dependencies = "/v1/dependencies"
  package static let findings = "/v1/findings"
  package static let sources = "/v1/sources"
  package static let audit = "/v1/audit"
  package static let plans = "/v1/plans"
  package static let actions = "/v1/actions"
  /// What the collector finds of its surroundings.
  package static let doctor = "/v1/doctor"
  /// On the ingest socket: reports, commands and their results.
  package static let agents = "/v1/agents"
  /// On the ingest socket: OTLP/HTTP metrics, at the path that its specification gives.
  package static let metrics = "/v1/metrics"
}
