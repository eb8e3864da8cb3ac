internal import DeptopModel

/// What is remembered of metric streams between batches: counts that have to be added up, and gauges as they are.
package struct StreamState: Sendable {
  /// A gauge that was not sent for this long is gone: Prometheus' look-back of 5 minutes (`query.lookback-delta`).
  package static let standardStaleness: Duration = .seconds(300)

  private let maximumStreams: Int
  private let staleAfter: Duration
  private var streams: [StreamKey: Stream] = [:]
  private var keysByRoute: [Route: Set<StreamKey>] = [:]
  private var batch: UInt64 = 0

  /// Makes an empty state.
  ///
  /// - Parameters:
  ///   - maximumStreams: Streams that are remembered, 1 or more; beyond, those unseen for longest are forgotten.
  ///   - staleAfter: How long a gauge holds that is not sent again.
  package init(maximumStreams: Int = 20_000, staleAfter: Duration = standardStaleness) {
    self.maximumStreams = max(1, maximumStreams)
    self.staleAfter = staleAfter
  }

  /// Streams that are remembered.
  package var count: Int { streams.count }

  mutating func beginBatch() { batch += 1 }

  mutating func take(_ interpretation: Interpretation, key: StreamKey, now: WallTime) -> Stream.Outcome {
    var stream: Stream
    if let known = streams.removeValue(forKey: key) {
      stream = known
      if stream.route != interpretation.route { forget(key, of: stream.route) }
    } else {
      stream = Stream(interpretation)
    }
    let outcome = stream.take(interpretation)
    stream.route = interpretation.route
    stream.seenAt = now
    stream.seenInBatch = batch
    streams[key] = stream
    keysByRoute[stream.route, default: []].insert(key)
    return outcome
  }

  /// Forgets the gauges of a sender that were not in this batch.
  mutating func dropMissingLevels(origin: String) {
    for (key, stream) in streams where key.origin == origin && stream.seenInBatch < batch && stream.isLevel {
      remove(key)
    }
  }

  /// Forgets the streams that were unseen for longest, and a tenth more, so that this is rare; answers how many.
  mutating func evict() -> Int {
    guard streams.count > maximumStreams else { return 0 }
    let kept = max(1, maximumStreams - maximumStreams / 10)
    let oldest = streams.map { (key: $0.key, batch: $0.value.seenInBatch) }.sorted { $0.batch < $1.batch }
      .prefix(streams.count - kept)
    for (key, _) in oldest { remove(key) }
    return oldest.count
  }

  /// The report of one client about one dependency, and how many histograms did not fit into it.
  func observation(of route: Route, now: WallTime) -> (ClientObservation, leftOut: Int) {
    var draft = ReportDraft()
    for key in keysByRoute[route] ?? [] {
      guard let stream = streams[key], !stream.isLevel || now - stream.seenAt <= staleAfter else { continue }
      draft.add(stream)
    }
    let observation = ClientObservation(client: route.client, report: draft.report(of: route), readAt: draft.readAt)
    return (observation, draft.leftOut)
  }

  private mutating func remove(_ key: StreamKey) {
    guard let stream = streams.removeValue(forKey: key) else { return }
    forget(key, of: stream.route)
  }

  private mutating func forget(_ key: StreamKey, of route: Route) {
    keysByRoute[route]?.remove(key)
    if keysByRoute[route]?.isEmpty == true { keysByRoute[route] = nil }
  }
}

/// What tells one stream from all others.
struct StreamKey: Hashable {
  /// The sender.
  var origin: String
  private var name: String
  private var attributes: [String: String]
  private var resource: [String: String]

  init(_ point: MetricPoint, origin: String) {
    self.origin = origin
    name = point.name
    attributes = point.attributes
    resource = point.resource
  }
}
