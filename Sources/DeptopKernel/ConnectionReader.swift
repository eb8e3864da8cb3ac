internal import DeptopBlocking
internal import DeptopModel

/// Sweeps the socket tables of all network namespaces and keeps what joins one sweep to the next.
///
/// The own namespace is always swept, the others with the help of a ``HostAccess``. Blocks, so it belongs on a
/// ``BlockingThread``.
package struct ConnectionReader: Sendable {
  /// How long a helper that does not answer is not asked.
  static let pause = Duration.seconds(5)
  /// How long the counts by namespace serve, so that the next listing knows who has connections.
  static let usageLife = Duration.seconds(2)

  private let pace: SweepPace
  private let access: (any HostAccess)?
  private let roster: NamespaceRoster
  private var own: NamespaceSweep
  var neighbours: [NamespaceID: Neighbour] = [:]
  var owners: SocketOwners
  var translations = TranslationMemory()
  var remarks = SweepRemarks()
  var usage: [NamespaceID: NamespaceUsage] = [:]
  var usedAt: ContinuousClock.Instant?
  var usedListing = 0
  var resumesAt: ContinuousClock.Instant?

  /// - Parameters:
  ///   - pace: for each namespace apart.
  ///   - owners: finds the processes, also those that nobody else knows.
  ///   - access: what reaches into other namespaces and sees other users' processes; nil when there is none.
  package init(pace: SweepPace, owners: SocketOwners = SocketOwners(), access: (any HostAccess)? = nil) {
    self.pace = pace
    self.owners = owners
    self.access = access
    roster = NamespaceRoster(access: access)
    own = NamespaceSweep(pace: pace)
  }

  /// Sweeps once.
  ///
  /// - Parameter timeout: for reading the tables; above zero.
  /// - Returns: every outbound connection; those that the pace leaves out, as the last whole sweep had them.
  /// - Throws: why the own namespace cannot be swept; see ``SocketDiagnosticsError``. The next call is not affected.
  package mutating func read(timeout: Duration) throws(SocketDiagnosticsError) -> HostReading {
    let start = ContinuousClock.now
    roster.refreshIfDue(at: start, speakers: usage.compactMapValues(\.speaker))
    let listing = roster.current
    let swept = try own.read(timeout: timeout)
    var reading = HostReading(
      connections: swept.connections, closed: [], isClosedComplete: true, namespaces: [],
      isListingNew: listing.map { $0.number != usedListing } ?? false, remarks: [])
    let ownSize = swept.tableSize
    remarks.damaged = 0
    remarks.closings = [:]
    note(swept, of: .own, in: &reading)
    readNeighbours(in: listing, until: start + timeout, into: &reading)
    let helper = isPaused(at: .now) ? nil : access
    identify(&reading.connections, abilities: listing?.abilities, asking: helper)
    describe(&reading, listing, ownSize: ownSize)
    return reading
  }

  private mutating func note(
    _ outcome: NamespaceSweep.Outcome, of namespace: NamespaceID, in reading: inout HostReading
  ) {
    reading.closed += outcome.closed
    if !outcome.isClosedComplete {
      reading.isClosedComplete = false
      remarks.noteLoss(at: .now())
    }
    remarks.closings[namespace] = outcome.closingProblem
    remarks.damaged += outcome.damaged
  }

  func isPaused(at now: ContinuousClock.Instant) -> Bool { resumesAt.map { now < $0 } ?? false }
}

// MARK: - Other namespaces

extension ConnectionReader {
  private mutating func readNeighbours(
    in listing: NamespaceListing?, until end: ContinuousClock.Instant, into reading: inout HostReading
  ) {
    settle(listing)
    // Those that were read longest ago go first: when time runs out it is not always the same that are left out.
    let order = neighbours.sorted { left, right in
      Neighbour.isDueBefore(left.value, right.value)
    }
    for id in order.map(\.key) {
      // Taken out while it works, so that nothing of it is copied.
      guard var neighbour = neighbours.removeValue(forKey: id) else { continue }
      sweep(&neighbour, until: end, into: &reading)
      reading.connections += neighbour.connections
      neighbours[id] = neighbour
    }
  }

  /// Drops the namespaces that are gone, with their sockets, and takes in those that are new.
  private mutating func settle(_ listing: NamespaceListing?) {
    guard let listing else { return }
    guard let access, listing.abilities.map({ $0.reasonAgainst(.namespaces) == nil }) ?? false else {
      neighbours = [:]
      return
    }
    let present = Set(listing.others.map(\.id))
    neighbours = neighbours.filter { present.contains($0.key) }
    for id in present where neighbours[id] == nil {
      neighbours[id] = Neighbour(id, through: access, pace: pace)
    }
  }

  private mutating func sweep(
    _ neighbour: inout Neighbour, until end: ContinuousClock.Instant, into reading: inout HostReading
  ) {
    guard !isPaused(at: .now) else { return neighbour.skip(at: .now) }
    do throws(SocketDiagnosticsError) {
      note(try neighbour.read(until: end), of: neighbour.id, in: &reading)
    } catch {
      if case .notOpened(let reason) = error, !reason.isRefusal { resumesAt = .now + Self.pause }
    }
  }
}
