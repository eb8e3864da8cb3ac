internal import DeptopBlocking
package import DeptopConfiguration
package import DeptopModel
internal import Synchronization

/// What each resolver answers for the host names of the configured dependencies.
///
/// Polled often, it asks seldom: a question is asked again when its answer is due, and each answer is
/// reported once. Failures are readings too.
package final class DNSSource: Source {
  package static let kind = "dns"

  package static func instances(in settings: Settings) -> [any Source] {
    let source = DNSSource(settings: settings.dns, dependencies: settings.dependencies)
    return source.dependencies.isEmpty ? [] : [source]
  }

  package static func isSame(in old: Settings, and new: Settings) -> Bool {
    old.dns == new.dns && old.dependencies == new.dependencies
  }

  package let id = SourceID(rawValue: DNSSource.kind)
  package let schedule: Schedule
  package let dependencies: [DependencyID]

  private struct State {
    var schedule: QuestionSchedule
    /// The families that have had addresses.
    var known: [NameQuestion: Set<AddressFamily>] = [:]
    /// When the names that mean this host are reported again.
    var loopbackDueAt: ContinuousClock.Instant?
  }

  private let names: [String]
  private let loopbackNames: [String]
  private let timeout: Duration
  private let resolvers: ResolverChoice
  private let state: Mutex<State>
  private let thread = BlockingThread()

  /// - Parameters:
  ///   - settings: Which resolvers are asked, and how often.
  ///   - dependencies: Those whose host is a name are asked for.
  ///   - resolverFile: The host's `resolv.conf`: its search list, and its resolvers when the settings name none.
  package init(settings: DNSSettings, dependencies: [DependencySettings], resolverFile: String = "/etc/resolv.conf") {
    let hosts = Set(dependencies.compactMap(\.hostName)).sorted()
    names = hosts.filter { !LoopbackName.contains($0) }
    loopbackNames = hosts.filter(LoopbackName.contains)
    self.dependencies = dependencies.filter { $0.hostName != nil }.map(\.id)
    timeout = settings.timeout
    resolvers = ResolverChoice(configured: settings.resolvers, path: resolverFile)
    state = Mutex(State(schedule: QuestionSchedule(minimumInterval: settings.minimumInterval)))
    // The runner's limit only catches what the deadline of the questions does not.
    schedule = Schedule(interval: min(.seconds(1), settings.minimumInterval), timeout: timeout + .seconds(1))
  }

  /// Makes the next poll ask for these names, whatever the age of their answers.
  package func askNow(_ names: Set<String>) {
    state.withLock { $0.schedule.demand(names, at: .now) }
  }

  package func poll() async throws(SourceError) -> [Observation] {
    let configuration = try resolvers.current()
    let now = ContinuousClock.now
    let questions = names.flatMap { name in
      configuration.nameservers.map { NameQuestion(name: name, resolver: $0) }
    }
    let due = state.withLock { state in
      state.known = state.known.filter { questions.contains($0.key) }
      return state.schedule.due(of: questions, at: now)
    }
    let loopback = loopbackAnswers(at: now)
    if due.isEmpty { return loopback }
    let lookup = NameLookup(search: configuration.search, timeout: timeout)
    let replies = await thread.runInterruptibly { lookup.replies(to: due, interrupt: $0) }
    return loopback + record(replies, to: due, askedAt: now)
  }

  /// Takes the replies into the state and answers what they say; interrupted ones stay due and say nothing.
  private func record(
    _ replies: [NameQuestion: NameReply], to due: [NameQuestion], askedAt: ContinuousClock.Instant
  ) -> [Observation] {
    state.withLock { state in
      due.compactMap { question in
        let known = state.known[question, default: []]
        guard let reply = replies[question], let outcome = reply.outcome(known: known) else { return nil }
        state.known[question] = reply.families(known: known)
        let answer = ResolverAnswer(name: question.name, resolver: question.resolver.description, outcome: outcome)
        state.schedule.answered(question, askedAt: askedAt, at: .now, ttl: answer.ttl)
        return .resolution(answer)
      }
    }
  }

  /// The names that mean this host, as the hosts file has them: with a TTL of zero.
  private func loopbackAnswers(at now: ContinuousClock.Instant) -> [Observation] {
    let isDue = state.withLock { state in
      if let due = state.loopbackDueAt, due > now { return false }
      state.loopbackDueAt = now + state.schedule.minimumInterval
      return true
    }
    guard isDue else { return [] }
    return loopbackNames.map { name in
      .resolution(
        ResolverAnswer(name: name, resolver: "hosts", outcome: .addresses(LoopbackName.addresses, ttl: .zero)))
    }
  }
}
