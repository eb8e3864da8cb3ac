internal import DeptopModel

/// A dependency as a drain by its clients looks at it.
struct AgentView: Sendable {
  /// False when nothing of the kernel's table is known now: what is absent proves nothing.
  let isKnown: Bool
  private let detail: DependencyDetail?
  private let byCookie: [String: Connection]
  private let unread: Set<NamespaceID>

  init(_ detail: DependencyDetail?) {
    self.detail = detail
    isKnown = detail?.dependency.isSweepFresh ?? false
    unread = Set(detail?.unreadNamespaces ?? [])
    let established = (detail?.connections ?? []).filter { $0.state == "established" }
    byCookie = Dictionary(established.map { ($0.cookie, $0) }, uniquingKeysWith: { first, _ in first })
  }

  subscript(cookie: String) -> Connection? { byCookie[cookie] }

  /// True unless the kernel's table was read and does not have it.
  func has(_ cookie: String) -> Bool { byCookie[cookie] != nil || unread.contains(PlanTarget.namespace(of: cookie)) }

  /// True when a client still reports.
  func isThere(_ client: PlanClient) -> Bool { report(of: client) != nil }

  /// The kernel's connections of a client.
  func connections(of client: PlanClient) -> [Connection] {
    guard let detail, let report = report(of: client) else { return [] }
    return AgentTargets.connections(of: report, in: detail)
  }

  /// True when the client's calls fail.
  func isFailing(_ client: PlanClient) -> Bool { AgentPace.isFailing(report(of: client)?.calls) }

  /// Connections that a client's calls can use.
  ///
  /// - Parameters:
  ///   - client: Whose they are.
  ///   - strangers: Those of its process that do not count; nil to count only what the client lists itself.
  /// - Returns: Those that it lists, and those that its process has opened since its last report.
  func ready(of client: PlanClient, besides strangers: Set<String>?) -> Int {
    let listed = connections(of: client).count(where: \.isUsable)
    guard let strangers else { return listed }
    return listed + unlisted(of: client).count { $0.isUsable && !strangers.contains($0.cookie) }
  }

  /// Connections of a client's process that the client does not list; none where the process has other clients too, whose
  /// they may be.
  func unlisted(of client: PlanClient) -> [Connection] {
    guard let detail, let report = report(of: client), report.report.connections != nil, let pid = report.client.pid,
      detail.clients.count(where: { $0.client.pid == pid }) == 1
    else { return [] }
    let listed = Set(connections(of: client).map(\.cookie))
    return byCookie.values.filter { $0.owner?.pid == pid && !listed.contains($0.cookie) }
  }

  /// A client's own end of a connection, as the client writes it.
  func end(of connection: Connection, by client: PlanClient) -> SocketAddress {
    let pair = ConnectionPair(onHost: connection)
    let listed = report(of: client)?.report.connections?.first {
      ConnectionPair(local: $0.local, remote: $0.remote) == pair
    }
    return listed?.local ?? connection.local
  }

  private func report(of client: PlanClient) -> ClientDetail? {
    guard let detail else { return nil }
    return detail.clients.first { report in
      report.source == client.source && (report.report.title ?? report.client.name) == client.dependency
        && detail.dependency.isLive(report.source)
    }
  }
}

extension Dependency {
  /// True when a source answers.
  func isLive(_ source: SourceID) -> Bool { !silentSources.contains { $0.source == source } }
}
