internal import DeptopMetrics
internal import DeptopModel
internal import DeptopWire
internal import Synchronization

/// What applications export by OTLP, kept by sender until it has become whole reports.
///
/// An exporter may send a part of its metrics in each request; a client's dependencies stay until they have not been
/// exported for a while.
final class OTLPIntake: Sendable {
  /// Senders that are remembered; the one unheard of for longest goes first.
  static let senders = 512
  /// How long a dependency stays that its client does not export any more.
  static let kept = Duration.seconds(300)

  /// Who sends: processes of one user that share a control group are one, as the SDKs of one service are.
  struct Sender: Sendable, Hashable {
    var uid: UInt32
    var cgroup: String?
  }

  private struct Heard: Sendable {
    var streams = StreamState()
    var clients: [String: [String: ClientObservation]] = [:]
    var seen: [String: [String: WallTime]] = [:]
    var heardAt: WallTime
  }

  /// What a request came to.
  struct Outcome: Sendable {
    /// The whole report of each client that the request was about.
    var clients: [String: [ClientObservation]]
    var remarks: [String]
    /// Points that were not usable.
    var rejected: Int
  }

  private let engine: MappingEngine
  private let heard = Mutex<[Sender: Heard]>([:])

  init(engine: MappingEngine) {
    self.engine = engine
  }

  /// Takes the points of one request.
  func take(_ points: [MetricPoint], from peer: IngestPeer, at now: WallTime = .now()) -> Outcome {
    let sender = Sender(uid: peer.quotaUser, cgroup: peer.cgroup)
    let identity = peer.identity(named: peer.cgroup.flatMap(ControlGroup.label) ?? "otlp")
    return heard.withLock { heard in
      OTLPIntake.makeRoom(for: sender, in: &heard)
      var known = heard[sender] ?? Heard(heardAt: now)
      heard[sender] = nil  // Taken out, so that it is changed in place.
      let result = engine.map(points, defaultClient: identity, state: &known.streams, now: now)
      known.heardAt = now
      let clients = OTLPIntake.keep(result.observations, of: peer, in: &known, at: now)
      heard[sender] = known
      return Outcome(clients: clients, remarks: result.remarks, rejected: result.rejectedCount)
    }
  }

  private static func makeRoom(for sender: Sender, in heard: inout [Sender: Heard]) {
    guard heard[sender] == nil, heard.count >= senders else { return }
    if let oldest = heard.min(by: { $0.value.heardAt < $1.value.heardAt })?.key { heard[oldest] = nil }
  }

  /// Puts new reports beside the client's others, and answers all of each client that has new ones.
  private static func keep(
    _ observations: [ClientObservation], of peer: IngestPeer, in known: inout Heard, at now: WallTime
  ) -> [String: [ClientObservation]] {
    var touched: Set<String> = []
    for observation in observations {
      guard let title = observation.report.title, ReportCheck.objection(toName: title) == nil,
        ReportCheck.objection(toName: observation.client.name) == nil
      else { continue }
      let client = observation.client.name
      var own = observation
      own.client = peer.identity(named: client)
      known.clients[client, default: [:]][title] = own
      known.seen[client, default: [:]][title] = now
      touched.insert(client)
    }
    for client in touched {
      let outdated = known.seen[client]?.filter { now - $0.value > kept }.map(\.key) ?? []
      for title in outdated {
        known.clients[client]?[title] = nil
        known.seen[client]?[title] = nil
      }
    }
    return known.clients.filter { touched.contains($0.key) }.mapValues { Array($0.values) }
  }
}
