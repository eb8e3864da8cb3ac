/// When each name is asked of each resolver again, from each namespace.
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

  /// Those of at most so many subjects, the ones that have been due for the longest time; never answered goes first.
  package func oldest(of due: [NameQuestion], subjects limit: Int) -> [NameQuestion] {
    var since: [NameRound.Subject: Instant?] = [:]
    var order: [NameRound.Subject] = []
    for question in due {
      let subject = question.subject
      guard let known = since[subject] else {
        order.append(subject)
        since.updateValue(dueAt[question], forKey: subject)
        continue
      }
      since.updateValue(QuestionSchedule.earlier(known, dueAt[question]), forKey: subject)
    }
    if order.count <= limit { return due }
    // The order of arrival decides between equals.
    let sorted = order.enumerated().sorted { left, right in
      switch (since[left.element] ?? nil, since[right.element] ?? nil) {
      case (nil, nil): left.offset < right.offset
      case (nil, _): true
      case (_, nil): false
      case (let first?, let second?): (first, left.offset) < (second, right.offset)
      }
    }
    let chosen = Set(sorted.prefix(limit).map(\.element))
    return due.filter { chosen.contains($0.subject) }
  }

  /// nil, which is never answered, is before everything.
  private static func earlier(_ left: Instant?, _ right: Instant?) -> Instant? {
    guard let left, let right else { return nil }
    return min(left, right)
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
