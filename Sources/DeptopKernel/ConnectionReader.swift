internal import DeptopBlocking
package import DeptopModel

/// Sweeps the socket table and keeps what joins one sweep to the next.
///
/// Blocks, so it belongs on a ``BlockingThread``.
package struct ConnectionReader: Sendable {
  private let pace: SweepPace
  private var diagnostics = SocketDiagnostics()
  private var memory = ConnectionMemory()
  private var owners: SocketOwners
  private var connections: [ObservedConnection] = []
  private var lastWhole: (connections: Int, at: ContinuousClock.Instant)?

  package init(pace: SweepPace, owners: SocketOwners = SocketOwners()) {
    self.pace = pace
    self.owners = owners
  }

  /// Sweeps once.
  ///
  /// - Parameter timeout: for reading the table; above zero.
  /// - Returns: every outbound connection; those that the pace leaves out, as the last whole sweep had them.
  /// - Throws: see ``SocketDiagnosticsError``; the next call is not affected.
  package mutating func read(timeout: Duration) throws(SocketDiagnosticsError) -> [ObservedConnection] {
    let start = ContinuousClock.now
    let filter = pace.filter(
      afterWholeSweepOf: lastWhole?.connections ?? 0, age: lastWhole.map { $0.at.duration(to: start) })
    let table = try diagnostics.sweep(filter, timeout: timeout)
    let ports = filter.map { Set($0.ports) }
    let swept = memory.outbound(in: table, confinedTo: ports, at: .now())
    if let ports {
      connections.removeAll { ports.contains($0.sample.remote.port) }
      connections += swept
    } else {
      connections = swept
      lastWhole = (table.connections.count, start)
    }
    owners.assign(to: &connections)
    return connections
  }
}
