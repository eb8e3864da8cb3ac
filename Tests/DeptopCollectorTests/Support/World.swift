import DeptopControl
import DeptopModel
import DeptopSources
import Synchronization

@testable import DeptopCollector

/// The dependency that an action is about, as the collector reads it, and everything that the action notes.
final class World: Sendable {
  private struct State {
    var connections: [Connection] = []
    var isRead = true
    var isConfigured = true
    var silent: [SilentSource] = []
    var phases: [ActionStatus.Phase] = []
    var progress: [String] = []
    var abortedBy: Actor?
    var objection: String?
    var objectionsAsked = 0
    var waiting: Int?
    var breaker: BreakerState?
    var counted: CallTotals?
  }

  private let state = Mutex(State())

  var phases: [ActionStatus.Phase] { state.withLock(\.phases) }
  var progress: [String] { state.withLock(\.progress) }
  var objectionsAsked: Int { state.withLock(\.objectionsAsked) }

  /// What the kernel has: `1A 2A 3B` is local ports 1 and 2 to A, and 3 to B.
  func connect(_ text: String) {
    let connections = text.split(separator: " ").compactMap { word -> Connection? in
      guard let letter = word.last, let port = UInt16(word.dropLast()) else { return nil }
      return Connection(
        cookie: String(port, radix: 16), local: local(port), remote: end(letter), state: "established", owner: nil,
        since: at(0), isOlderThanSeen: false, idle: nil, awaitingReply: nil, rtt: nil, retransmits: 0,
        unacknowledged: 0, standing: .current, pool: held(local(port), to: end(letter)))
    }
    state.withLock { $0.connections = connections }
  }

  func silenceKernel() {
    state.withLock {
      $0.silent = [SilentSource(source: "kernel", since: at(0), reason: "no answer", nextAttemptAt: nil)]
    }
  }

  func removeDependency() { state.withLock { $0.isConfigured = false } }
  func forgetSweep() { state.withLock { $0.isRead = false } }
  func wait(_ callers: Int) { state.withLock { $0.waiting = callers } }
  func setBreaker(_ breaker: BreakerState) { state.withLock { $0.breaker = breaker } }
  func count(_ totals: CallTotals) { state.withLock { $0.counted = totals } }
  func abort(by actor: Actor) { state.withLock { $0.abortedBy = actor } }
  func object(_ reason: String) { state.withLock { $0.objection = reason } }

  var detail: DependencyDetail? {
    state.withLock { state in
      guard state.isConfigured else { return nil }
      var dependency = Dependency(id: "orders", kind: nil, host: "db.lab", port: 5432, origin: .configured)
      dependency.silentSources = state.silent
      if let waiting = state.waiting {
        let pool = PoolReading(client: "app", active: 0, idle: 0, pending: waiting)
        dependency.pools = [Reading(pool, source: "agent/app", observedAt: at(0))]
      }
      if let breaker = state.breaker {
        let reading = BreakerReading(client: "app", name: nil, state: breaker)
        dependency.breakers = [Reading(reading, source: "agent/app", observedAt: at(0))]
      }
      if state.isRead {
        dependency.sockets = Reading(
          SocketSummary(
            established: 0, connecting: 0, closing: 0, idle: 0, oldestSince: nil, isOldestOlder: false, rttMedian: nil,
            retransmits: 0, clients: [], addresses: []), source: "kernel", observedAt: at(0))
      }
      let clients = state.counted.map { totals -> [ClientDetail] in
        var report = ClientReport(name: "orders")
        report.totals = totals
        return [
          ClientDetail(
            client: ClientIdentity(name: "app"), source: "agent/app", observedAt: at(0), report: report, calls: nil)
        ]
      }
      return DependencyDetail(
        dependency: dependency, connections: state.isRead ? state.connections : [], clients: clients ?? [])
    }
  }

  func run(
    _ control: any ControlPlane, _ clock: ManualClock, plan: Plan,
    probe: @escaping @Sendable () async -> [ConnectAttempt] = { [] },
    record: @escaping @Sendable (StepProgress) async -> Void = { _ in }, verifying: Duration = .zero
  ) -> ActionRun<ManualClock> {
    ActionRun(
      plan: plan, control: control, clock: clock, detail: { self.detail },
      objection: {
        self.state.withLock { state in
          state.objectionsAsked += 1
          return state.objection
        }
      },
      note: { phase, progress in
        self.state.withLock { state in
          if let phase, state.phases.last != phase { state.phases.append(phase) }
          if let progress { state.progress.append(progress) }
        }
      }, abortedBy: { self.state.withLock(\.abortedBy) }, probe: probe, record: record, verifying: verifying)
  }
}
