import DeptopConfiguration
import DeptopModel
import DeptopTestSupport
import DeptopWire

@testable import DeptopCollector

/// Clients of `orders` that report to a real registry, follow its commands, and do with them what a test says.
final class AgentFleet {
  /// One connection of a client.
  struct Held {
    var port: UInt16
    var remote: Character = "A"
    var isActive = false
    var isDead = false
    /// How long nothing moved on it.
    var idle: Duration?
  }

  /// One client.
  struct Member {
    var connections: [Held]
    var choosesConnections: Bool?
    var isSilent = false
    /// Whether all of its calls fail.
    var isFailing = false
    /// Its process, which owns its connections; nil when nobody knows.
    var pid: Int32?
    /// Connections that its last report did not list yet.
    var unlisted: Set<UInt16> = []
  }

  let registry = AgentRegistry(store: Store(settings: Settings.quick(), remembered: [:]))
  var members: [String: Member] = [:]
  var isSwept = true
  private var streams: [String: AsyncStream<AgentCommand?>] = [:]
  private var nextPort: UInt16 = 1000

  /// A client with so many idle connections to A, that follows its commands.
  func join(_ name: String, _ count: Int, chooses: Bool? = true, _ change: (inout [Held]) -> Void = { _ in }) throws {
    var held = (0..<count).map { _ in Held(port: takePort()) }
    change(&held)
    members[name] = Member(connections: held, choosesConnections: chooses)
    let key = AgentKey(uid: 0, id: name)
    _ = try registry.report(key, client: ClientIdentity(name: name), [])
    streams[name] = try registry.commands(for: key)
  }

  /// A new connection of a client, to B.
  func open(_ name: String, isListed: Bool = true) {
    let port = takePort()
    members[name]?.connections.append(Held(port: port, remote: "B"))
    if !isListed { members[name]?.unlisted.insert(port) }
  }

  private func takePort() -> UInt16 {
    nextPort += 1
    return nextPort
  }

  /// The next command of a client.
  func command(for name: String) async throws -> AgentCommand {
    guard let stream = streams[name] else { throw TestFailure("\(name) does not follow") }
    var iterator = stream.makeAsyncIterator()
    let command = await iterator.next()
    guard let command, let command else { throw TestFailure("\(name) was told nothing") }
    return command
  }

  /// Closes what a command names, and opens as many to B.
  func close(_ command: AgentCommand, of name: String, replacing: Bool = true) {
    let ports = Set((command.connections ?? []).map(\.port))
    let closed = members[name]?.connections.filter { ports.contains($0.port) } ?? []
    members[name]?.connections.removeAll { ports.contains($0.port) }
    guard replacing else { return }
    members[name]?.connections += closed.map { _ in Held(port: takePort(), remote: "B") }
  }

  func answer(_ state: AgentResult.State, _ text: String? = nil, to command: AgentCommand, of name: String) throws {
    try registry.take(AgentResult(state: state, text: text), of: command.number, from: AgentKey(uid: 0, id: name))
  }

  /// Does all of it.
  func obey(_ command: AgentCommand, of name: String) throws {
    close(command, of: name)
    try answer(.done, to: command, of: name)
  }

  /// Usable connections of a client.
  func ready(_ name: String) -> Int { members[name]?.connections.count { !$0.isDead } ?? 0 }

  /// The dependency as the collector reads it.
  var detail: DependencyDetail {
    var dependency = Dependency(id: "orders", kind: nil, host: "db.lab", port: 5432, origin: .configured)
    if isSwept {
      dependency.sockets = Reading(
        SocketSummary(
          established: 0, connecting: 0, closing: 0, idle: 0, oldestSince: nil, isOldestOlder: false, rttMedian: nil,
          retransmits: 0, clients: [], addresses: []), source: "kernel", observedAt: at(0))
    }
    dependency.silentSources = members.filter(\.value.isSilent).map {
      SilentSource(source: SourceID(rawValue: "agent/\($0.key)"), since: at(0), reason: "gone", nextAttemptAt: nil)
    }
    let names = members.keys.sorted()
    return DependencyDetail(
      dependency: dependency, connections: names.flatMap { members[$0]?.inKernel ?? [] },
      clients: names.compactMap { name in members[name].map { AgentFleet.report(name, $0) } })
  }

  private static func report(_ name: String, _ member: Member) -> ClientDetail {
    var report = ClientReport(name: "orders")
    report.verbs = ActionVerb.native
    report.choosesConnections = member.choosesConnections
    report.connections = member.connections.filter { !member.unlisted.contains($0.port) }.map {
      ReportedConnection(local: local($0.port), remote: end($0.remote), isActive: $0.isActive)
    }
    return ClientDetail(
      client: ClientIdentity(name: name, pid: member.pid), source: SourceID(rawValue: "agent/\(name)"),
      observedAt: at(0), report: report,
      calls: CallReading(
        window: .seconds(1), counts: CallTotals(requests: 60, fates: [member.isFailing ? .failure : .success: 60])))
  }
}

extension AgentFleet.Member {
  fileprivate var inKernel: [Connection] {
    connections.map { held in
      var connection = held.inKernel
      connection.owner = pid.map { SocketOwner(pid: $0, process: "app") }
      return connection
    }
  }
}

extension AgentFleet.Held {
  fileprivate var inKernel: Connection {
    Connection(
      cookie: String(port, radix: 16), local: local(port), remote: end(remote), state: "established", owner: nil,
      since: at(0), isOlderThanSeen: false, idle: idle, awaitingReply: nil, rtt: nil, retransmits: 0,
      unacknowledged: 0, standing: remote == "A" ? .left : .current,
      pool: held(local(port), to: end(remote), isActive: isActive),
      signals: SocketSignals(isDead ? .dead : .idle))
  }
}
