import DeptopModel
import DeptopSources
import Testing

@Suite struct QuestionScheduleTests {
  private let start = ContinuousClock.now
  private let question = NameQuestion(name: "db.lab", resolver: SocketAddress(IPAddress(v4: 0x7f00_004d), port: 53))
  private let other = NameQuestion(name: "db.lab", resolver: SocketAddress(IPAddress(v4: 0x7f00_004e), port: 53))

  private func schedule() -> QuestionSchedule { QuestionSchedule(minimumInterval: .seconds(5)) }

  @Test func `a question never asked is due`() {
    var schedule = schedule()
    #expect(schedule.due(of: [question, other], at: start) == [question, other])
    #expect(schedule.due(of: [question, other], at: start) == [question, other], "asking is not answering")
  }

  @Test(arguments: [(60, 30), (11, 5.5), (10, 5), (4, 5), (0, 5)])
  func `an answer holds for half of its TTL and never less than the minimum`(ttl: Int, holds: Double) {
    var schedule = schedule()
    schedule.answered(question, askedAt: start, at: start, ttl: .seconds(ttl))
    #expect(schedule.due(of: [question], at: start + .seconds(holds) - .milliseconds(1)) == [])
    #expect(schedule.due(of: [question], at: start + .seconds(holds)) == [question])
  }

  @Test func `a failure is asked again after the minimum interval`() {
    var schedule = schedule()
    schedule.answered(question, askedAt: start, at: start + .seconds(2), ttl: nil)
    #expect(schedule.due(of: [question], at: start + .seconds(6.9)) == [])
    #expect(schedule.due(of: [question], at: start + .seconds(7)) == [question])
  }

  @Test func `one resolver's answer does not hold for another resolver`() {
    var schedule = schedule()
    schedule.answered(question, askedAt: start, at: start, ttl: .seconds(60))
    #expect(schedule.due(of: [question, other], at: start + .seconds(1)) == [other])
  }

  @Test func `a demanded name is due at every resolver, once`() {
    var schedule = schedule()
    for question in [question, other] { schedule.answered(question, askedAt: start, at: start, ttl: .seconds(60)) }
    schedule.demand(["db.lab"], at: start + .seconds(1))
    #expect(schedule.due(of: [question, other], at: start + .seconds(1)) == [question, other])
    schedule.answered(question, askedAt: start + .seconds(1), at: start + .seconds(1), ttl: .seconds(60))
    #expect(schedule.due(of: [question, other], at: start + .seconds(2)) == [other])
  }

  @Test func `an answer to a question asked before the demand does not satisfy it`() {
    var schedule = schedule()
    schedule.demand(["db.lab"], at: start + .seconds(1))
    schedule.answered(question, askedAt: start, at: start + .seconds(2), ttl: .seconds(60))
    #expect(schedule.due(of: [question], at: start + .seconds(2)) == [question])
    schedule.answered(question, askedAt: start + .seconds(2), at: start + .seconds(2), ttl: .seconds(60))
    #expect(schedule.due(of: [question], at: start + .seconds(3)) == [])
  }

  @Test func `a demand for another name changes nothing`() {
    var schedule = schedule()
    schedule.answered(question, askedAt: start, at: start, ttl: .seconds(60))
    schedule.demand(["cache.lab"], at: start + .seconds(1))
    #expect(schedule.due(of: [question], at: start + .seconds(1)) == [])
  }

  @Test func `a question that is no longer wanted is forgotten`() {
    var schedule = schedule()
    schedule.answered(question, askedAt: start, at: start, ttl: .seconds(60))
    #expect(schedule.due(of: [], at: start) == [])
    #expect(schedule.due(of: [question], at: start) == [question])
  }

  @Test func `of too many subjects those that were never answered go first, then the ones due longest`() {
    var schedule = schedule()
    let questions = (1...4).map { NameQuestion(name: "n\($0).lab", resolver: question.resolver) }
    for (index, seconds) in [(0, 3), (1, 1), (3, 2)] {
      schedule.answered(questions[index], askedAt: start, at: start + .seconds(seconds), ttl: nil)
    }
    #expect(schedule.oldest(of: questions, subjects: 2) == [questions[1], questions[2]])
    #expect(schedule.oldest(of: questions, subjects: 3) == [questions[1], questions[2], questions[3]])
    #expect(schedule.oldest(of: questions, subjects: 4) == questions)
  }

  @Test func `a subject counts once for all its resolvers, and once for each namespace`() {
    let schedule = schedule()
    let elsewhere = NameQuestion(name: "db.lab", resolver: question.resolver, namespace: NamespaceID(7))
    #expect(schedule.oldest(of: [question, elsewhere, other], subjects: 1) == [question, other])
  }
}
