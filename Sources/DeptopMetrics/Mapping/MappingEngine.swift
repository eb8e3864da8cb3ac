package import DeptopConfiguration
package import DeptopModel

/// Turns metric points into what clients say about their dependencies, by mappings that are data.
package struct MappingEngine: Sendable {
  private let rules: RuleIndex

  /// Takes mappings in the order of their precedence: where two speak of one metric, the first that fits counts.
  package init(_ mappings: [MetricMapping]) {
    rules = RuleIndex(mappings)
  }

  /// Takes points into the state, and answers a whole report for each client and dependency that they are about.
  ///
  /// A report holds what the state knows besides the new points, so that an export in parts, or one of what has
  /// changed only, still gives whole reports with counts that grow.
  ///
  /// - Parameters:
  ///   - points: In any order; of one stream those that come late are counted as duplicates.
  ///   - defaultClient: Who sent them, for points that do not say which client they are from.
  ///   - state: What is known from before; the same one for every call with this engine.
  ///   - now: When they arrived.
  ///   - isWhole: True for a scrape, which holds everything: a gauge that is missing there is gone at once.
  /// - Returns: The reports, and how many points gave none, and why.
  /// - Complexity: O(n + m) in the points and the streams of the clients that they are about.
  package func map(
    _ points: [MetricPoint], defaultClient: ClientIdentity, state: inout StreamState, now: WallTime,
    isWhole: Bool = false
  ) -> MappingResult {
    var result = MappingResult()
    var touched: [Route] = []
    var known: Set<Route> = []
    state.beginBatch()
    for point in points {
      switch interpretation(of: point, defaultClient: defaultClient) {
      case .unknown: result.noteUnknown(point.name)
      case .leftOut: result.leftOut += 1
      case .refused(let reason): result.reject(reason)
      case .taken(let interpretation):
        take(point, interpretation, origin: defaultClient.name, now: now, &state, &result)
        if known.insert(interpretation.route).inserted { touched.append(interpretation.route) }
      }
    }
    if isWhole { state.dropMissingLevels(origin: defaultClient.name) }
    result.evictedStreams = state.evict()
    for route in touched {
      let (observation, leftOut) = state.observation(of: route, now: now)
      result.observations.append(observation)
      if leftOut > 0 { result.reject("the histograms of one dependency have different forms", count: leftOut) }
    }
    return result
  }

  private func take(
    _ point: MetricPoint, _ interpretation: Interpretation, origin: String, now: WallTime,
    _ state: inout StreamState, _ result: inout MappingResult
  ) {
    let key = StreamKey(point, origin: origin)
    if let refusal = interpretation.partialRefusal { result.reject(refusal) }
    switch state.take(interpretation, key: key, now: now) {
    case .taken: result.understood += 1
    case .duplicate: result.duplicates += 1
    }
  }

  private func interpretation(of point: MetricPoint, defaultClient: ClientIdentity) -> Interpretation.Outcome {
    guard let candidates = rules.candidates(for: point.name) else { return .unknown }
    let labels = PointLabels(point)
    for candidate in candidates where candidate.rule.conditions.allSatisfy({ $0.holds(labels[$0.label]) }) {
      return Interpretation.make(point, labels, candidate.rule, candidate.mapping, defaultClient: defaultClient)
    }
    return .leftOut
  }
}
