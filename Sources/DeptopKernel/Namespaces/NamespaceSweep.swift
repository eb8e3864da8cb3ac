internal import DeptopModel

/// The sweeps of one network namespace, and what joins one to the next.
struct NamespaceSweep: Sendable {
  let id: NamespaceID
  private let pace: SweepPace
  private var diagnostics: SocketDiagnostics
  private var memory = ConnectionMemory()
  private var closings: ClosingIntake
  /// What the last whole sweep found that a confined one leaves out; empty when the next sweep is whole in any case.
  private var kept: [ObservedConnection] = []
  private var lastWhole: (connections: Int, at: ContinuousClock.Instant)?

  /// What one sweep came to.
  struct Outcome {
    /// Every outbound connection, without owners.
    var connections: [ObservedConnection]
    /// Connections of the table, both ways.
    var tableSize: Int
    /// Outbound connections that ended since the sweep before.
    var closed: [ClosedConnection]
    /// False when some may be missing.
    var isClosedComplete: Bool
    /// Why ended connections are not heard of.
    var closingProblem: String?
    /// Sockets that the kernel's answer described only in part.
    var damaged: Int
  }

  /// The calling thread's own namespace.
  init(pace: SweepPace) {
    id = .own
    self.pace = pace
    diagnostics = SocketDiagnostics()
    closings = ClosingIntake { () throws(SocketDiagnosticsError) in try ClosingReader() }
  }

  /// Another namespace.
  init(of id: NamespaceID, through access: any HostAccess, pace: SweepPace) {
    self.id = id
    self.pace = pace
    diagnostics = SocketDiagnostics(of: id) { () throws(HostAccessError) in
      try access.openSocket(.diagnostics, in: id)
    }
    closings = ClosingIntake { () throws(SocketDiagnosticsError) in
      let descriptor: Int32
      do throws(HostAccessError) {
        descriptor = try access.openSocket(.closings, in: id)
      } catch {
        throw .notOpened(error)
      }
      return try ClosingReader(OpenDescriptor(descriptor), of: id)
    }
  }

  mutating func read(timeout: Duration) throws(SocketDiagnosticsError) -> Outcome {
    let start = ContinuousClock.now
    let filter = pace.filter(
      afterWholeSweepOf: lastWhole?.connections ?? 0, age: lastWhole.map { $0.at.duration(to: start) })
    // Before the first sweep, so that nothing falls in between.
    closings.openIfDue(at: start)
    let table = try diagnostics.sweep(filter, timeout: timeout)
    let time = WallTime.now()
    let ended = closings.drain(at: time)
    let ports = filter.map { Set($0.ports) }
    var connections = memory.outbound(in: table, confinedTo: ports, at: time)
    if let ports {
      kept.removeAll { ports.contains($0.sample.remote.port) }
      connections += kept
    } else {
      lastWhole = (table.connections.count, start)
    }
    keep(connections)
    return Outcome(
      connections: connections, tableSize: memory.count, closed: memory.outbound(among: ended.closed),
      isClosedComplete: ended.isComplete, closingProblem: closings.problem, damaged: table.damaged)
  }

  /// Keeps only what will be needed: a second reference would have the whole list copied to fill in its owners.
  private mutating func keep(_ connections: [ObservedConnection]) {
    let size = lastWhole?.connections ?? 0
    kept = pace.filter(afterWholeSweepOf: size, age: .zero) == nil ? [] : connections
  }
}
