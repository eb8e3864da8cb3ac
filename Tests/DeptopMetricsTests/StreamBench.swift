import DeptopConfiguration
import DeptopMetrics
import DeptopModel
import Testing

/// An engine with a few metrics, and its state.
struct StreamBench {
  private static let mapping = """
    mapping: test
    dependency: {name: d}
    metrics:
      - {name: active, to: pool.active}
      - {name: requests, to: calls.requests}
      - {name: latency, to: [latency.response, calls.requests]}
    """
  private let engine: MappingEngine
  private(set) var state: StreamState
  private(set) var result = MappingResult()

  init(_ state: StreamState = StreamState()) throws {
    engine = MappingEngine([try MappingFile.parse(Array(StreamBench.mapping.utf8), path: "test.yaml")])
    self.state = state
  }

  /// Takes points of the dependency `db` at a time.
  mutating func take(_ points: [MetricPoint], at now: Double = 0, isWhole: Bool = false) {
    result = engine.map(
      points, defaultClient: ClientIdentity(name: "sender"), state: &state, now: WallTime(secondsSinceEpoch: now),
      isWhole: isWhole)
  }

  var report: ClientReport? { result.observations.first?.report }
  var requests: UInt64? { report?.totals?.requests }

  /// A point in seconds of one stream of the dependency `db`.
  static func point(
    _ name: String, _ value: MetricValue, time: Double? = nil, start: Double? = nil, stream: String = "1"
  ) -> MetricPoint {
    MetricPoint(
      name: name, unit: "s", attributes: ["d": "db", "stream": stream], value: value,
      time: time.map { WallTime(secondsSinceEpoch: $0) }, startTime: start.map { WallTime(secondsSinceEpoch: $0) })
  }
}
