internal import DeptopConnection
internal import DeptopDashboard
internal import DeptopModel
internal import DeptopTerminal
internal import DeptopWire
internal import FoundationEssentials
internal import Synchronization

/// The dashboard's side of the collector: follows the stream, carries out effects, and leaves what comes in a mailbox
/// that the terminal's thread empties.
final class CollectorLink: Sendable {
  /// What arrived since the mailbox was last emptied; of several snapshots only the newest.
  struct Mail: Sendable {
    var snapshot: Snapshot?
    var inputs: [DashboardInput] = []
  }

  /// The pauses between two attempts to reach a lost collector.
  private static let firstPause = Duration.milliseconds(250)
  private static let longestPause = Duration.seconds(2)

  private struct State {
    var mail = Mail()
    var detail: DependencyID?
  }

  private let executor = ConnectionExecutor()
  private let connection: CollectorConnection
  private let waker: TerminalWaker
  private let state = Mutex(State())
  private let effects: AsyncStream<Effect>
  private let effect: AsyncStream<Effect>.Continuation

  init(socketPath: String, waker: TerminalWaker) {
    connection = CollectorConnection(socketPath: socketPath, executor: executor)
    self.waker = waker
    (effects, effect) = AsyncStream.makeStream()
  }

  /// Takes everything out of the mailbox.
  func takeMail() -> Mail {
    state.withLock { state in
      defer { state.mail = Mail() }
      return state.mail
    }
  }

  /// Has an effect carried out; what comes of it arrives as mail.
  func carryOut(_ wanted: Effect) {
    effect.yield(wanted)
  }

  /// Starts to follow the collector, until the task is cancelled.
  func start() -> Task<Void, Never> {
    Task.detached(executorPreference: executor) { [self] in await run() }
  }

  private func run() async {
    await withDiscardingTaskGroup { group in
      group.addTask { [self] in await followStream() }
      for await wanted in effects {
        group.addTask { [self] in await perform(wanted) }
      }
      group.cancelAll()
    }
  }

  private func followStream() async {
    var pause = CollectorLink.firstPause
    var lostSince: WallTime?
    while !Task.isCancelled {
      var current: Snapshot?
      var problem = "the collector ended the stream"
      do throws(CollectorError) {
        try await connection.lines(API.stream + "?detail=rows") { [self] line in
          let next = try CollectorLink.snapshot(after: current, line)
          if current == nil { post(.linkChanged(.live(roundTrip: nil))) }
          current = next
          lostSince = nil
          pause = CollectorLink.firstPause
          post(next)
          await refreshDetail()
        }
      } catch {
        problem = error.description
      }
      // Each failed attempt tells its reason; the loss began with the first.
      let since = lostSince ?? .now()
      lostSince = since
      post(.linkChanged(.lost(since: since, reason: problem, nextAttemptAt: .now() + pause)))
      do {
        try await Task.sleep(for: pause)
      } catch {
        return
      }
      pause = min(pause * 2, CollectorLink.longestPause)
    }
  }

  private static func snapshot(after current: Snapshot?, _ line: Data) throws -> Snapshot {
    switch try WireCoding().decode(StreamLine.self, from: line) {
    case .full(let snapshot): return snapshot
    case .delta(let delta):
      guard let next = current?.applying(delta) else {
        throw CollectorError.unreadable("the stream skipped from \(current?.sequence ?? 0) to \(delta.base)")
      }
      return next
    }
  }

  private func perform(_ effect: Effect) async {
    switch effect {
    case .requestPlan(let request): await plan(request)
    case .execute(let plan, let reason): await execute(plan, reason)
    case .abort(let id): await abort(id)
    case .requestDetail(let id):
      state.withLock { $0.detail = id }
      await refreshDetail()
    case .stopDetail: state.withLock { $0.detail = nil }
    case .requestAudit: await fetchAudit()
    case .quit, .redraw, .copy, .useTheme, .lab: break  // The program's own.
    }
  }

  private func plan(_ request: PlanRequest) async {
    do throws(CollectorError) {
      post(.planReceived(try await connection.post(API.plans, request, as: Plan.self)))
    } catch {
      post(.planRefused(request, reason: error.description))
    }
  }

  private func execute(_ plan: PlanID, _ reason: String?) async {
    let request = ExecuteRequest(plan: plan, idempotencyKey: UUID().uuidString, reason: reason)
    let started: ActionStatus
    do throws(CollectorError) {
      started = try await connection.post(API.actions, request, as: ActionStatus.self)
    } catch {
      post(.actionRefused(plan, reason: error.description))
      return
    }
    post(.actionStarted(started))
    do throws(CollectorError) {
      try await connection.lines("\(API.actions)/\(started.id)/stream") { [self] line in
        post(.actionUpdated(try WireCoding().decode(ActionStatus.self, from: line)))
      }
    } catch {
      // The snapshots carry the action too; the stream is only sooner.
      post(.noticed("\(started.id): \(error)", .problem))
    }
  }

  private func abort(_ id: ActionID) async {
    do throws(CollectorError) {
      post(.actionUpdated(try await connection.delete("\(API.actions)/\(id)", as: ActionStatus.self)))
    } catch {
      post(.abortRefused(id, reason: error.description))
    }
  }

  private func fetchAudit() async {
    do throws(CollectorError) {
      let entries = try await connection.get("\(API.audit)?limit=200", as: [AuditEntry].self)
      post(.auditReceived(entries.reversed()))
    } catch {
      post(.auditFailed(reason: error.description))
    }
  }

  private func refreshDetail() async {
    guard let id = state.withLock(\.detail) else { return }
    do throws(CollectorError) {
      let path = "\(API.dependencies)/\(PercentEncoding.encode(id.rawValue))"
      post(.detailReceived(try await connection.get(path, as: DependencyDetail.self)))
    } catch {
      post(.detailFailed(id, reason: error.description))
    }
  }

  private func post(_ snapshot: Snapshot) {
    state.withLock { $0.mail.snapshot = snapshot }
    waker.wake()
  }

  private func post(_ input: DashboardInput) {
    state.withLock { $0.mail.inputs.append(input) }
    waker.wake()
  }
}
