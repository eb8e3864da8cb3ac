internal import DeptopMetrics
internal import DeptopModel
internal import DeptopOTLP
internal import DeptopWire
internal import NIOCore
internal import Synchronization

/// What applications hand in, on its way to the store: who it is from, whether it is admitted, what is taken of it.
final class Ingest: Sendable {
  let collector: Collector
  let agents: AgentRegistry
  private let otlp: OTLPIntake
  private let peers = IngestPeers()
  private let quota = Mutex(IngestQuota())

  init(collector: Collector, agents: AgentRegistry, engine: MappingEngine) {
    self.collector = collector
    self.agents = agents
    otlp = OTLPIntake(engine: engine)
  }

  func peer(of channel: any Channel) async throws -> IngestPeer {
    let peer = try await peers.peer(of: channel, accounts: collector.accounts)
    try collector.requireReporter(peer)
    return peer
  }

  /// Refuses a request that is over its user's quota.
  func admit(_ peer: IngestPeer) throws(Refusal) {
    try take(from: peer, requests: 1, bytes: 0)
  }

  /// Counts a body against its user's quota.
  func charge(_ peer: IngestPeer, bytes: Int) throws(Refusal) {
    try take(from: peer, requests: 0, bytes: Double(bytes))
  }

  private func take(from peer: IngestPeer, requests: Double, bytes: Double) throws(Refusal) {
    let wait = quota.withLock { $0.admit(peer.quotaUser, requests: requests, bytes: bytes, at: .now()) }
    guard let wait else { return }
    let user = peer.uid.map { "uid \($0)" } ?? "an unidentified caller"
    throw Refusal(
      .tooMany, "\(user) hands in too much: try again in \((wait.seconds * 10).rounded(.up) / 10) s")
  }

  /// Takes the metrics of one OTLP request.
  ///
  /// - Returns: How many points were not usable, and a sentence about what was not understood.
  func take(_ reading: OTLPReading, by peer: IngestPeer) throws(Refusal) -> (rejected: Int, message: String?) {
    let outcome = otlp.take(reading.points, from: peer)
    let own = reading.rejected.sorted { $0.value > $1.value }.prefix(2).map { "\($0.value) × \($0.key)" }
    let remarks = own + outcome.remarks
    for (client, observations) in outcome.clients {
      let key = AgentKey(uid: peer.quotaUser, id: client, kind: .otlp)
      _ = try agents.report(key, client: peer.identity(named: client), observations, remarks: remarks)
    }
    let rejected = reading.rejectedCount + outcome.rejected
    return (rejected, rejected > 0 ? remarks.joined(separator: "; ") : nil)
  }

  /// Takes an agent's report.
  func take(_ report: AgentReport, from id: String, by peer: IngestPeer) throws(Refusal) -> AgentReceipt {
    let name = report.client ?? id
    if let objection = ReportCheck.objection(toName: name) { throw Refusal(.invalid, "the client's name \(objection)") }
    let (accepted, refused) = try ReportCheck.sorted(report)
    let client = peer.identity(named: name)
    let observations = accepted.map {
      ClientObservation(client: client, report: $0, countingSince: report.countingSince)
    }
    let patience = try agents.report(AgentKey(uid: peer.quotaUser, id: id), client: client, observations)
    return AgentReceipt(accepted: accepted.count, refused: refused, staleAfter: patience)
  }
}
