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
  private let live = Mutex<[any Source]>([])

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
    live.withLock { $0.compactMap { $0 as? Kind } }
  }

  /// Runs until the task is cancelled; every runner has ended when it returns.
  func run() async {
    await withDiscardingTaskGroup { group in
      var stops: [SourceID: Stop] = [:]
      var current: Settings?
      for await settings in generations {
        let kept = kinds.filter { type in current.map { type.isSame(in: $0, and: settings) } ?? false }
        let keptKinds = Set(kept.map { $0.kind })
        for source in live.withLock({ $0 }) where !keptKinds.contains(type(of: source).kind) {
          let stop = stops.removeValue(forKey: source.id)
          stop?.recorder.retire(source.id)
          stop?.signal.finish()
        }
        live.withLock { $0.removeAll { !keptKinds.contains(type(of: $0).kind) } }
        for type in kinds where !keptKinds.contains(type.kind) {
          for source in type.instances(in: settings, on: surroundings) {
            let (stopped, signal) = AsyncStream<Never>.makeStream()
            let recorder = SourceRecorder(store: store)
            stops[source.id] = Stop(recorder: recorder, signal: signal)
            live.withLock { $0.append(source) }
            group.addTask { [self] in await run(source, into: recorder, until: stopped) }
          }
        }
        current = settings
      }
      group.cancelAll()
    }
  }

  private func run(_ source: any Source, into recorder: SourceRecorder, until stopped: AsyncStream<Never>) async {
    let runner = SourceRunner(source: source, recorder: recorder, clock: ContinuousClock(), logger: logger)
    await withTaskGroup { group in
      group.addTask { await runner.run() }
      group.addTask { for await _ in stopped {} }
      await group.next()
      group.cancelAll()
    }
  }
}
