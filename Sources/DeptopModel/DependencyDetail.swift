/// A dependency with what is too much for the overview.
package struct DependencyDetail: Sendable, Hashable, Codable {
  package var dependency: Dependency
  package var connections: [Connection]
  /// Ascending by name.
  package var clients: [ClientDetail]
  /// Response times over the last ten minutes, oldest first; empty when nobody reports them.
  package var heat: [HeatColumn]
  /// Network namespaces that the last sweep did not read: a connection that is missing there may well be open.
  package var unreadNamespaces: [NamespaceID]

  package init(
    dependency: Dependency, connections: [Connection], clients: [ClientDetail] = [], heat: [HeatColumn] = [],
    unreadNamespaces: [NamespaceID] = []
  ) {
    self.dependency = dependency
    self.connections = connections
    self.clients = clients
    self.heat = heat
    self.unreadNamespaces = unreadNamespaces
  }
}

/// What one client says of a dependency, as it was last reported.
package struct ClientDetail: Sendable, Hashable, Codable {
  package var client: ClientIdentity
  package var source: SourceID
  package var observedAt: WallTime
  package var report: ClientReport
  /// What it did in its own latest window; nil before two reports.
  package var calls: CallReading?

  package init(
    client: ClientIdentity, source: SourceID, observedAt: WallTime, report: ClientReport, calls: CallReading?
  ) {
    self.client = client
    self.source = source
    self.observedAt = observedAt
    self.report = report
    self.calls = calls
  }
}

/// The response times of one interval, counted by powers of two.
package struct HeatColumn: Sendable, Hashable, Codable {
  /// How long one column stands for, and how many are kept.
  package static let interval = Duration.seconds(10)
  package static let kept = 60

  package var at: WallTime
  /// The power of two that the first count is about: values in (2^first, 2^(first + 1)] seconds.
  package var first: Int
  package var counts: [UInt64]

  package init(at: WallTime, first: Int, counts: [UInt64]) {
    self.at = at
    self.first = first
    self.counts = counts
  }
}
