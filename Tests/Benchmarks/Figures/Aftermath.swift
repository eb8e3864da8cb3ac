package import DeptopLab

/// What came of an outage after somebody acted, or nobody did, by the lab's ledgers alone.
package struct Aftermath: Sendable, Hashable, Encodable {
  /// Requests of the scenario's clients that failed between the action and health, those that never ended and those that
  /// nobody was there to serve included.
  package var failed: Double
  /// Attempts whose connection was cut, and requests that were under way when their process died.
  package var lostInFlight: Double
  /// Requests that came while the process started up, or while there was none.
  package var notServed: Double
  /// Failed requests that would not have failed without the action: cut on a connection on which the upstream had received
  /// them, or not served.
  package var causedByAction: Double
  /// From the action's start to the begin of the first window from which on callers are well; nil when they were not.
  package var secondsToHealthy: Double?
  /// New connections a second to the dependency: the highest in any second after the action, and what is usual.
  package var connectionsPeak: Double?
  package var connectionsCalm: Double?
  /// Attempts a second at the dependency.
  package var requestsPeak: Double?
  package var requestsCalm: Double?
  /// Failed requests a second, over the whole observation.
  package var failuresPerSecond: Double
}

extension Aftermath {
  /// What was done to whom, and when.
  package struct Scene: Sendable {
    package var clients: [String]
    package var dependency: String
    package var measure: Recovery.Measure
    /// A second of calm, microseconds.
    package var calm: Range<Int64>
    /// From the action's start to the end of the observation, microseconds.
    package var observed: Range<Int64>
    package var isRestart: Bool

    package init(
      clients: [String], dependency: String, measure: Recovery.Measure, calm: Range<Int64>, observed: Range<Int64>,
      isRestart: Bool
    ) {
      self.clients = clients
      self.dependency = dependency
      self.measure = measure
      self.calm = calm
      self.observed = observed
      self.isRestart = isRestart
    }
  }

  /// Counts.
  ///
  /// - Parameters:
  ///   - ledgers: Every line so far, by the service that wrote it.
  ///   - scene: What is looked at.
  package init(_ ledgers: [String: [LedgerLine]], _ scene: Scene) {
    let requests = scene.clients.flatMap { ledgers[$0] ?? [] }.compactMap(\.request)
      .filter { scene.observed.contains($0.ended) }
    let received = Set(ledgers.values.joined().compactMap(\.served?.id))
    let ends =
      scene.isRestart ? scene.clients.map { ProcessEnd(of: $0, in: ledgers, at: scene.observed.lowerBound) } : []
    let missed = Self.missed(ends, requests, scene)
    let healthy = Recovery(
      requests.filter { $0.dependency == scene.dependency }.map(\.outcome)
        + missed.map { Recovery.Outcome(at: $0, isFailure: true) }
        + ends.flatMap { end in (0..<end.lost).map { _ in Recovery.Outcome(at: end.ended, isFailure: true) } }
    ).healthy(by: scene.measure, from: scene.observed.lowerBound, until: scene.observed.upperBound)
    let failures = requests.filter { !$0.end.isSuccess }
    let cut = scene.clients.flatMap { ledgers[$0] ?? [] }.compactMap(\.attempt)
      .filter { scene.observed.contains($0.ended) && ["reset", "closed"].contains($0.outcome) }
    let cutAlive = Set(cut.filter { received.contains($0.id) }.compactMap { $0.id.split(separator: ".").first })
    let refused = scene.isRestart ? failures.filter(\.isRefusedAtStart).count : 0
    let lost = ends.reduce(0) { $0 + $1.lost }
    let end = healthy ?? scene.observed.upperBound
    let observedSeconds = Double(scene.observed.upperBound - scene.observed.lowerBound) / 1_000_000
    let isCaused = { (line: LedgerLine.RequestLine) in
      cutAlive.contains(line.id[...]) || scene.isRestart && line.isRefusedAtStart
    }
    // Another dependency of the same process may still be refused when this one is well.
    failed = Double(failures.count { $0.ended < end || isCaused($0) } + lost + missed.count)
    lostInFlight = Double(cut.count + lost)
    notServed = Double(refused + missed.count)
    causedByAction = Double(failures.count(where: isCaused) + ends.reduce(0) { $0 + $1.lostAtWork } + missed.count)
    secondsToHealthy = healthy.map { Double($0 - scene.observed.lowerBound) / 1_000_000 }
    failuresPerSecond = Double(failures.count + lost + missed.count) / observedSeconds
    let load = Load(ledgers[scene.dependency] ?? [])
    (connectionsPeak, connectionsCalm) = (
      load.peak(of: \.connections, scene.observed), load.rate(of: \.connections, scene.calm)
    )
    (requestsPeak, requestsCalm) = (
      load.peak(of: \.requests, scene.observed), load.rate(of: \.requests, scene.calm)
    )
  }

  /// Moments at which requests came, and no process was there: as often as the new process was asked afterwards.
  private static func missed(
    _ ends: [ProcessEnd], _ requests: [LedgerLine.RequestLine], _ scene: Scene
  ) -> [Int64] {
    zip(scene.clients, ends).flatMap { client, end -> [Int64] in
      guard let began = end.began, began > end.ended, scene.observed.upperBound > began else { return [] }
      let after = requests.count { $0.id.hasPrefix(client + "-") && $0.began >= began }
      let rate = Double(after) / Double(scene.observed.upperBound - began)
      let count = Int((rate * Double(began - end.ended)).rounded())
      return (0..<count).map { end.ended + (began - end.ended) * Int64(2 * $0 + 1) / Int64(2 * count) }
    }
  }
}

extension ProcessEnd {
  fileprivate init(of client: String, in ledgers: [String: [LedgerLine]], at action: Int64) {
    let served = ledgers.values.joined().compactMap(\.served).filter { line in
      line.id.lastIndex(of: "-").map { line.id[..<$0] == client } ?? false
    }
    self.init(ledger: ledgers[client] ?? [], served: served, action: action)
  }
}

extension LedgerLine {
  fileprivate var request: RequestLine? { if case .request(let line) = self { line } else { nil } }
  fileprivate var attempt: AttemptLine? { if case .attempt(let line) = self { line } else { nil } }
  fileprivate var served: ServedLine? { if case .served(let line) = self { line } else { nil } }
}

extension LedgerLine.RequestLine {
  fileprivate var outcome: Recovery.Outcome { Recovery.Outcome(at: ended, isFailure: !end.isSuccess) }

  /// Nobody listened yet: it ended as it came, and nothing was tried.
  fileprivate var isRefusedAtStart: Bool { end == .failure && attempts == 0 && limit == "-" && began == ended }
}
