internal import DeptopConfiguration
internal import DeptopModel
internal import DeptopSources
internal import Logging
internal import Synchronization

/// Runs a runner for each source that the settings ask for, and follows the settings.
final class SourceSupervisor: Sendable {
  private let store: Store
  private let logger: Logger
  private let surroundings: HostSurroundings
  private let generations: AsyncStream<Settings>
  private let generation: AsyncStream<Settings>.Continuation
  private let kinds: [any Source.Type]
  private let live = Mutex<[Live]>([])

  /// A source that runs.
  private struct Live: Sendable {
    let source: any Source
    let demand = PollDemand()

    var kind: String { type(of: source).kind }
  }

  /// What is needed to end one running source.
  private struct Stop {
    let recorder: SourceRecorder
    let signal: AsyncStream<Never>.Continuation
  }

  init(
    store: Store, logger: Logger, surroundings: HostSurroundings = HostSurroundings(),
    kinds: [any Source.Type] = SourceRegistry.all
  ) {
    self.store = store
    self.surroundings = surroundings
    self.kinds = kinds
    self.logger = logger
    (generations, generation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
  }

  /// Makes the running sources those of new settings; sources that the change does not touch keep running.
  func follow(_ settings: Settings) {
    generation.yield(settings)
  }

  /// The sources of one type that run now.
  func running<Kind: Source>(_ kind: Kind.Type) -> [Kind] {
    live.withLock { $0.compactMap { $0.source as? Kind } }
  }

  /// Has the sources of one type polled now, unless they were just polled.
  func hasten(_ kind: (some Source).Type) {
    for live in live.withLock({ $0 }) where live.kind == kind.kind { live.demand.ask() }
  }

  /// Runs until the task is cancelled; every runner has ended when it returns.
  func run() async {
    await withDiscardingTaskGroup { group in
      var stops: [SourceID: Stop] = [:]
      var current: Settings?
      for await settings in generations {
        let kept = kinds.filter { type in current.map { type.isSame(in: $0, and: settings) } ?? false }
        let keptKinds = Set(kept.map { $0.kind })
        for ending in live.withLock({ $0 }) where !keptKinds.contains(ending.kind) {
          let stop = stops.removeValue(forKey: ending.source.id)
          stop?.recorder.retire(ending.source.id)
          stop?.signal.finish()
        }
        live.withLock { $0.removeAll { !keptKinds.contains($0.kind) } }
        for type in kinds where !keptKinds.contains(type.kind) {
          for source in type.instances(in: settings, on: surroundings) {
            let (stopped, signal) = AsyncStream<Never>.makeStream()
            let recorder = SourceRecorder(store: store)
            stops[source.id] = Stop(recorder: recorder, signal: signal)
            let started = Live(source: source)
            live.withLock { $0.append(started) }
            group.addTask { [self] in await run(started, into: recorder, until: stopped) }
          }
        }
        current = settings
      }
      group.cancelAll()
    }
  }

  private func run(_ live: Live, into recorder: SourceRecorder, until stopped: AsyncStream<Never>) async {
    let runner = SourceRunner(
      source: live.source, recorder: recorder, clock: ContinuousClock(), logger: logger, demand: live.demand)
    await withTaskGroup { group in
      group.addTask { await runner.run() }
      group.addTask { for await _ in stopped {} }
      await group.next()
      group.cancelAll()
    }
  }
}
