internal import DeptopModel

/// What has been answered, and when each question is asked again.
struct NameState {
  private var schedule: QuestionSchedule
  /// The families that have had addresses.
  private var known: [NameQuestion: Set<AddressFamily>] = [:]
  /// What the host's own hosts file said of the names last; names that are not in it have no entry.
  private var hosts: [String: [IPAddress]] = [:]

  init(minimumInterval: Duration) {
    schedule = QuestionSchedule(minimumInterval: minimumInterval)
  }

  mutating func demand(_ names: Set<String>, at now: ContinuousClock.Instant) {
    schedule.demand(names, at: now)
  }

  /// The questions whose time has come; what belongs to no view any more is forgotten.
  ///
  /// Of other namespaces than the own, at most as many subjects as the limit says are among them.
  mutating func due(
    of views: [NameView], ownHosts: HostsFile, atOnce limit: Int, at now: ContinuousClock.Instant
  ) -> [NameQuestion] {
    let questions = views.flatMap(\.questions)
    noteChanges(of: ownHosts, names: views.first { $0.namespace == .own }?.names ?? [], at: now)
    let wanted = Set(questions)
    known = known.filter { wanted.contains($0.key) }
    let due = schedule.due(of: questions, at: now)
    let others = schedule.oldest(of: due.filter { $0.namespace != .own }, subjects: limit)
    return due.filter { $0.namespace == .own } + others
  }

  /// A name that came into the hosts file, changed there, or left it is due at once.
  private mutating func noteChanges(of file: HostsFile, names: [String], at now: ContinuousClock.Instant) {
    var current: [String: [IPAddress]] = [:]
    for name in names { current[name] = file.addresses(of: name) }
    let changed = names.filter { current[$0] != hosts[$0] }
    hosts = current
    if !changed.isEmpty { schedule.demand(Set(changed), at: now) }
  }

  /// Takes what was found and answers what it says; interrupted questions stay due and say nothing.
  mutating func record(
    _ findings: NameRound.Findings, of round: NameRound, askedAt: ContinuousClock.Instant
  ) -> [Observation] {
    var fixed = findings.fixed
    return round.questions.compactMap { question in
      if findings.fixed[question.subject] != nil {
        // Each is told once, however many resolvers there would be to ask.
        guard let answer = fixed.removeValue(forKey: question.subject) else { return nil }
        hold(question.subject, in: round, askedAt: askedAt)
        return answer.observation(in: question.namespace)
      }
      return record(findings.replies[question], to: question, askedAt: askedAt)?.observation(in: question.namespace)
    }
  }

  /// What is known without asking is looked at again after the minimum interval.
  private mutating func hold(
    _ subject: NameRound.Subject, in round: NameRound, askedAt: ContinuousClock.Instant
  ) {
    for question in round.views[subject.namespace]?.questions(for: subject.name) ?? [] {
      schedule.answered(question, askedAt: askedAt, at: .now, ttl: nil)
    }
  }

  private mutating func record(
    _ reply: NameReply?, to question: NameQuestion, askedAt: ContinuousClock.Instant
  ) -> ResolverAnswer? {
    let families = known[question, default: []]
    guard let reply, let outcome = reply.outcome(known: families) else { return nil }
    known[question] = reply.families(known: families)
    let answer = ResolverAnswer(name: question.name, resolver: question.resolver.description, outcome: outcome)
    schedule.answered(question, askedAt: askedAt, at: .now, ttl: answer.ttl)
    return answer
  }
}

extension ResolverAnswer {
  /// What is told of an answer in a namespace.
  fileprivate func observation(in namespace: NamespaceID) -> Observation {
    namespace == .own ? .resolution(self) : .namespaceResolution(namespace, self)
  }
}
