/// When each name is asked of each resolver again.
///
/// An answer holds for half of its TTL, a failure for the minimum interval, and nothing for less than that.
package struct QuestionSchedule: Sendable {
  package typealias Instant = ContinuousClock.Instant

  /// The shortest time between two answers to the same question.
  package let minimumInterval: Duration
  private var dueAt: [NameQuestion: Instant] = [:]
  /// When a name was demanded at once; stays until a question asked after that is answered.
  private var demandedAt: [String: Instant] = [:]

  package init(minimumInterval: Duration) {
    self.minimumInterval = minimumInterval
  }

  /// The questions whose time has come, in the given order; questions that are not given are forgotten.
  package mutating func due(of questions: [NameQuestion], at now: Instant) -> [NameQuestion] {
    let wanted = Set(questions)
    dueAt = dueAt.filter { wanted.contains($0.key) }
    let names = Set(questions.map(\.name))
    demandedAt = demandedAt.filter { names.contains($0.key) }
    return questions.filter { question in
      guard let due = dueAt[question] else { return true }
      return due <= now
    }
  }

  /// Notes that a question asked at one moment was answered at another; a failure has no TTL.
  package mutating func answered(_ question: NameQuestion, askedAt: Instant, at now: Instant, ttl: Duration?) {
    if let demanded = demandedAt[question.name], demanded > askedAt {
      dueAt[question] = nil
    } else {
      dueAt[question] = now + max(minimumInterval, (ttl ?? .zero) / 2)
    }
  }

  /// Makes names due at once, also when a question for them is under way: its answer may be older than the demand.
  package mutating func demand(_ names: Set<String>, at now: Instant) {
    for name in names { demandedAt[name] = now }
    dueAt = dueAt.filter { !names.contains($0.key.name) }
  }
}
