import DeptopControl
import DeptopModel
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
  func abort(by actor: Actor) { state.withLock { $0.abortedBy = actor } }
  func object(_ reason: String) { state.withLock { $0.objection = reason } }

  var detail: DependencyDetail? {
    state.withLock { state in
      guard state.isConfigured else { return nil }
      var dependency = Dependency(id: "orders", kind: nil, host: "db.lab", port: 5432, origin: .configured)
      dependency.silentSources = state.silent
      if state.isRead {
        dependency.sockets = Reading(
          SocketSummary(
            established: 0, connecting: 0, closing: 0, idle: 0, oldestSince: nil, isOldestOlder: false, rttMedian: nil,
            retransmits: 0, clients: [], addresses: []), source: "kernel", observedAt: at(0))
      }
      return DependencyDetail(dependency: dependency, connections: state.isRead ? state.connections : [])
    }
  }

  func run(_ control: ScriptedControl, _ clock: ManualClock, plan: Plan) -> ActionRun<ManualClock> {
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
      }, abortedBy: { self.state.withLock(\.abortedBy) })
  }
}
