internal import DeptopModel

/// Who says something: one client through one source.
struct ClientKey: Sendable, Hashable, Comparable {
  var source: SourceID
  var client: String

  static func < (left: ClientKey, right: ClientKey) -> Bool {
    (left.client, left.source) < (right.client, right.source)
  }
}

/// One client's word as it was last told, with what the overview makes of it.
///
/// A class that never changes: what is read while new reports come in is shared, not copied.
final class ClientRecord: Sendable {
  let key: ClientKey
  let history: ClientHistory
  let pool: Reading<PoolReading>?
  let breaker: Reading<BreakerReading>?
  /// What it counted in its window; nil when it reports no calls, or has no window yet.
  let counted: CallDelta?

  /// Takes a client's word; readings keep the moment at which they first had their value.
  init(_ key: ClientKey, _ history: ClientHistory, after earlier: ClientRecord?) {
    self.key = key
    self.history = history
    pool = history.pool.map { history.reading($0, after: earlier?.pool) }
    breaker = history.breaker.map { history.reading($0, after: earlier?.breaker) }
    counted = history.report.hasCalls ? history.window.total : nil
  }

  /// True when the overview has nothing to tell of it that it had not told of the one before.
  func isSame(as earlier: ClientRecord) -> Bool {
    pool == earlier.pool && breaker == earlier.breaker && (counted == nil) == (earlier.counted == nil)
      && history.report.waiting == earlier.history.report.waiting
      && history.report.oldestWaiting == earlier.history.report.oldestWaiting
      && history.report.policy == earlier.history.report.policy && isQuiet && earlier.isQuiet
  }

  /// True without a call in its window.
  private var isQuiet: Bool {
    guard let counted else { return true }
    return counted.counts.requests ?? 0 == 0 && counted.counts.attempts ?? 0 == 0 && counted.counts.late ?? 0 == 0
      && counted.responseTime?.count ?? 0 == 0 && counted.waitTime?.count ?? 0 == 0
      && counted.counts.fates?.values.allSatisfy { $0 == 0 } ?? true
  }

  var source: SourceID { key.source }
  /// True when it says so itself, false when an exporter or a Prometheus server says it of others.
  var isFirstHand: Bool { !key.source.rawValue.hasPrefix("prometheus/") }
}

/// Everything that clients say of one dependency.
struct DependencyTelemetry: Sendable {
  /// Ascending by key.
  private(set) var clients: [ClientRecord] = []
  private(set) var heat = HeatMap()
  /// Grows with each report that says something new: what was made from an earlier one is out of date.
  private(set) var revision: UInt64 = 0

  mutating func record(_ observation: ClientObservation, from source: SourceID, at now: WallTime) {
    let key = ClientKey(source: source, client: observation.client.name)
    let place = clients.firstIndex { !($0.key < key) } ?? clients.count
    guard place < clients.count, clients[place].key == key else {
      clients.insert(ClientRecord(key, ClientHistory(observation, from: source, at: now), after: nil), at: place)
      revision += 1
      return
    }
    let earlier = clients[place]
    var history = earlier.history
    let delta = history.record(observation, from: source, at: now)
    let record = ClientRecord(key, history, after: earlier)
    clients[place] = record
    if !record.isSame(as: earlier) { revision += 1 }
    if let times = delta?.responseTime { heat.record(times, at: now) }
  }

  mutating func remove(_ key: ClientKey) {
    revision += 1
    clients.removeAll { $0.key == key }
  }

  /// True when a client lists its connections.
  var listsConnections: Bool { clients.contains { $0.history.report.connections != nil } }

  /// The connections that clients list, each with the user who says so; nothing of a client that nobody can tell.
  var connections: [(connection: PoolConnection, uid: UInt32)] {
    clients.flatMap { client -> [(connection: PoolConnection, uid: UInt32)] in
      guard let uid = client.history.client.uid else { return [] }
      return (client.history.report.connections ?? []).map { connection in
        let listed = PoolConnection(
          local: connection.local, remote: connection.remote, state: connection.isActive ? "active" : "idle",
          isActive: connection.isActive, isClosing: false, connectedAt: connection.connectedAt)
        return (listed, uid)
      }
    }
  }

  /// The clients that the overview adds up: what exporters say of them counts only where no client speaks for itself,
  /// as it is most likely the same pool and the same calls once more.
  private var closest: [ClientRecord] {
    let own = clients.filter(\.isFirstHand)
    return own.isEmpty ? clients : own
  }

  /// What the screen shows, from the clients whose sources answer; from all when none does.
  ///
  /// - Parameters:
  ///   - silent: The sources that do not answer.
  ///   - earlier: The digest before, whose readings stay where their values do.
  /// - Returns: The digest of the newest reports.
  func digest(silent: Set<SourceID>, after earlier: TelemetryDigest? = nil) -> TelemetryDigest {
    let counted = closest
    let live = silent.isEmpty ? counted : counted.filter { !silent.contains($0.source) }
    let calls = CallReading.reading(of: live.isEmpty ? counted : live)
    return TelemetryDigest(
      revision: revision, silent: silent.isEmpty ? [] : Set(clients.map(\.source)).intersection(silent),
      pools: counted.compactMap(\.pool),
      calls: calls.map { calls in earlier?.calls.flatMap { $0.isQuiet(as: calls) ? $0 : nil } ?? calls },
      breakers: counted.compactMap(\.breaker).sorted {
        ($1.value.state.severity, $0.value.client) < ($0.value.state.severity, $1.value.client)
      },
      policy: clients.lazy.compactMap(\.history.report.policy).first, isLive: !live.isEmpty)
  }
}

extension ClientHistory {
  /// The same reading while the value stays, else a new one.
  fileprivate func reading<Value>(_ value: Value, after earlier: Reading<Value>?) -> Reading<Value> {
    if let earlier, earlier.value == value, earlier.source == source { return earlier }
    return Reading(value, source: source, observedAt: observedAt)
  }
}

extension Reading<CallReading> {
  /// True when neither has a call in it: a window that is a little longer says nothing new.
  fileprivate func isQuiet(as other: Reading<CallReading>) -> Bool {
    let quiet = { (reading: CallReading) in
      reading.counts.attempts ?? 0 == 0 && reading.ended ?? 0 == 0 && reading.counts.late ?? 0 == 0
        && reading.responseTime == nil && reading.waitTime == nil
    }
    return quiet(value) && quiet(other.value) && source == other.source && value.waiting == other.value.waiting
      && value.oldestWaiting == other.value.oldestWaiting
  }
}

/// What is made of a dependency's telemetry for the overview.
struct TelemetryDigest: Sendable {
  var revision: UInt64
  /// The sources of its clients that are silent.
  var silent: Set<SourceID>
  var pools: [Reading<PoolReading>]
  var calls: Reading<CallReading>?
  var breakers: [Reading<BreakerReading>]
  var policy: Policy?
  /// False when every client is silent.
  var isLive: Bool
}

extension CallReading {
  /// All clients' calls as one; nil when no client reports calls.
  ///
  /// The window is the longest of the clients': counts of a shorter one are scaled to it.
  static func reading(of clients: [ClientRecord]) -> Reading<CallReading>? {
    var newest: ClientRecord?
    var window = Duration.zero
    for client in clients {
      guard let interval = client.counted?.interval else { continue }
      window = max(window, interval)
      if newest.map({ $0.history.observedAt < client.history.observedAt }) ?? true { newest = client }
    }
    guard let newest, window > .zero else { return nil }
    var value = CallReading(window: window, counts: .none)
    var (response, wait) = (MergedLatency(), MergedLatency())
    for client in clients {
      if let count = client.history.report.waiting { value.waiting = (value.waiting ?? 0) + count }
      if let age = client.history.report.oldestWaiting { value.oldestWaiting = max(value.oldestWaiting ?? age, age) }
      guard let counted = client.counted else { continue }
      value.counts.add(
        counted.interval == window ? counted.counts : counted.counts.scaled(by: window / counted.interval))
      response.add(counted.responseTime)
      wait.add(counted.waitTime)
    }
    value.responseTime = response.summary
    value.waitTime = wait.summary
    value.phases = merged(clients)
    return Reading(value, source: newest.source, observedAt: newest.history.observedAt)
  }

  private static func merged(_ clients: [ClientRecord]) -> [Phase: LatencySummary]? {
    var phases: [Phase: MergedLatency] = [:]
    for client in clients where client.counted?.phases.isEmpty == false {
      for (phase, times) in client.counted?.phases ?? [:] { phases[phase, default: MergedLatency()].add(times) }
    }
    return phases.isEmpty ? nil : phases.compactMapValues(\.summary)
  }
}

/// The latencies of several clients, added up by their form: no exact sum of different forms exists.
private struct MergedLatency {
  private var forms: [(sum: Distribution, clients: Int)] = []

  mutating func add(_ distribution: Distribution?) {
    guard let distribution, distribution.count > 0 else { return }
    if let index = forms.indices.first(where: { forms[$0].sum.merge(distribution) }) {
      forms[index].clients += 1
    } else {
      forms.append((distribution, 1))
    }
  }

  /// The percentiles of the form that most values have.
  var summary: LatencySummary? {
    guard let most = forms.max(by: { $0.sum.count < $1.sum.count }) else { return nil }
    return LatencySummary(most.sum, clientsLeftOut: forms.reduce(0) { $0 + $1.clients } - most.clients)
  }
}

extension CallTotals {
  /// Every count times a factor, rounded; 1 changes nothing.
  fileprivate func scaled(by factor: Double) -> CallTotals {
    guard factor != 1 else { return self }
    let scale = { (count: UInt64) in UInt64((Double(count) * factor).rounded().clamped(to: 0...1e18)) }
    return CallTotals(
      requests: requests.map(scale), attempts: attempts.map(scale), fates: fates?.mapValues(scale),
      timeouts: timeouts?.mapValues(scale), errors: errors?.mapValues(scale), resets: resets.map(scale),
      late: late.map(scale))
  }
}
