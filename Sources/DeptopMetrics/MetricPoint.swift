package import DeptopModel

/// One value of one metric stream, as OTLP carried it or a scrape found it.
package struct MetricPoint: Sendable, Hashable {
  /// The metric's name: of a histogram or a summary without `_bucket`, `_sum` and `_count`.
  package var name: String
  /// The unit as it was written, such as `s`, `ms` or `{connection}`; nil when the format or the sender gives none.
  package var unit: String?
  package var attributes: [String: String]
  package var value: MetricValue
  /// When it was read; nil when the format gives no time.
  package var time: WallTime?
  /// When its counts began; nil when the format gives no such time.
  package var startTime: WallTime?
  /// What the sender says about itself, such as `service.name`.
  package var resource: [String: String]

  package init(
    name: String, unit: String? = nil, attributes: [String: String] = [:], value: MetricValue, time: WallTime? = nil,
    startTime: WallTime? = nil, resource: [String: String] = [:]
  ) {
    self.name = name
    self.unit = unit
    self.attributes = attributes
    self.value = value
    self.time = time
    self.startTime = startTime
    self.resource = resource
  }
}
