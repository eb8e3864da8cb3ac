internal import DeptopClient
internal import NIOCore
internal import NIOPosix
internal import Synchronization

/// One service of the fleet: its dependencies, and the requests that come for them.
final class FleetService: Sendable {
  private let spec: ClientSpec
  private let stations: [String: CallStation]
  private let reporter: Reporter?
  private let ledger: FleetLedger
  private let numbers: Atomic<Int64>
  private let isEnding = Atomic<Bool>(false)

  /// Prepares the service; nothing is called yet.
  ///
  /// - Parameters:
  ///   - spec: What it calls, and how.
  ///   - loop: Where its connections live.
  ///   - append: Takes the lines of the ledger.
  /// - Throws: ``ServerRoleProblem`` for a spec that makes no sense.
  init(
    _ spec: ClientSpec, loop: any EventLoop, append: @escaping @Sendable (LedgerLine) -> Void
  ) throws(ServerRoleProblem) {
    let server = try SocketAddress.lab(spec.resolver, port: spec.resolverPort)
    let names = NameClient(server: server, loop: loop)
    let ledger = FleetLedger(append: append)
    let reporter = spec.ingestSocket.map { path in
      Reporter(client: spec.name, configuration: ReporterConfiguration(ingestSocket: path))
    }
    var stations: [String: CallStation] = [:]
    for call in spec.dependencies where stations[call.dependency] == nil {
      let monitored = reporter?.register(
        DependencyDescription(
          name: call.dependency, kind: call.kind, host: call.host, port: call.port, policy: call.policy))
      stations[call.dependency] = CallStation(
        call, client: names, ledger: ledger, report: monitored.map(DependencyReport.init))
    }
    guard stations.count == spec.dependencies.count else { throw ServerRoleProblem("two dependencies have one name") }
    (self.spec, self.stations, self.reporter, self.ledger) = (spec, stations, reporter, ledger)
    // Ten thousand numbers a second, so that a process that is started anew does not use the numbers of the one before.
    numbers = Atomic(LabClock.now / 100)
  }

  func station(_ dependency: String) -> CallStation? { stations[dependency] }

  private func nextID() -> String { "\(spec.name)-\(numbers.add(1, ordering: .relaxed).newValue)" }

  /// Serves until it is ended.
  ///
  /// - Parameter announce: Is called when the start-up is over.
  /// - Returns: A failure to announce; else nil.
  func run(
    announce: () throws(ServerRoleProblem) -> Void
  ) async -> Result<Void, ServerRoleProblem>? {
    let began = LabClock.now
    let opens = began + Moment.microseconds(spec.startUp)
    await serve(from: began, until: opens, isStarting: true)
    do throws(ServerRoleProblem) {
      try announce()
    } catch {
      return .failure(error)
    }
    await serve(from: opens, until: nil, isStarting: false)
    return nil
  }

  private func serve(from begin: Int64, until end: Int64?, isStarting: Bool) async {
    await withDiscardingTaskGroup { group in
      for station in stations.values {
        if !isStarting { group.addTask { await station.pool.keep() } }
        group.addTask { [self] in await receive(station, from: begin, until: end, isStarting: isStarting) }
      }
    }
  }

  /// Takes requests as they come, whether or not earlier ones have been answered.
  private func receive(_ station: CallStation, from begin: Int64, until end: Int64?, isStarting: Bool) async {
    await withDiscardingTaskGroup { group in
      var next = begin
      while !isEnding.load(ordering: .acquiring), !Task.isCancelled, next < end ?? .max {
        let gap = Arrivals.gap(rate: station.spec.rate, random: .random(in: 0..<1))
        next += gap ?? Arrivals.longestGap
        guard next < end ?? .max, await FleetService.wait(until: next) else { break }
        guard gap != nil else { continue }
        let id = nextID()
        if isStarting { refuse(id, station) } else { group.addTask { await station.call(id: id) } }
      }
      if let end { _ = await FleetService.wait(until: end) }
    }
  }

  /// Nobody listens yet: the caller of this service is refused.
  private func refuse(_ id: String, _ station: CallStation) {
    let now = LabClock.now
    ledger.request(
      id, of: station.spec.dependency, began: now, ended: now, CallEnd(end: .failure), attempts: 0)
  }

  /// False when the task was cancelled.
  private static func wait(until moment: Int64) async -> Bool {
    let left = moment - LabClock.now
    guard left > 0 else { return !Task.isCancelled }
    do {
      try await Task.sleep(nanoseconds: UInt64(left) * 1000)
      return true
    } catch {
      return false
    }
  }

  func obey(_ command: ClientCommand) throws(ServerRoleProblem) {
    switch command {
    case .call(let call):
      guard let station = stations[call.dependency] else {
        throw ServerRoleProblem("\(spec.name) does not call \(call.dependency)")
      }
      station.change(to: call)
    case .dropConnections(let dependency):
      guard let station = stations[dependency] else {
        throw ServerRoleProblem("\(spec.name) does not call \(dependency)")
      }
      station.pool.drop()
    }
  }

  /// Takes no more requests, and has those end that wait.
  func end() {
    isEnding.store(true, ordering: .releasing)
    for station in stations.values { station.end() }
  }

  /// Ends the reports.
  func shutDown() {
    end()
    reporter?.shutdown()
  }
}

extension CallStation {
  /// A station with a pool and a name look-up of its own.
  convenience init(_ spec: CallSpec, client: NameClient, ledger: FleetLedger, report: DependencyReport?) {
    let names = NameLookup(client: client) { report?.lookedUp(in: $0) }
    let dialer = Dialer(loop: client.loop, names: names) { report?.connected(in: $0) }
    self.init(spec, names: names, dialer: dialer, ledger: ledger, report: report)
  }
}
