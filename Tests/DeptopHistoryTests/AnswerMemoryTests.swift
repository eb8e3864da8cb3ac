import DeptopHistory
import DeptopModel
import GRDB
import Testing

@Suite struct AnswerMemoryTests {
  private let now = WallTime(secondsSinceEpoch: 2000)

  @Test func `answers come back over a restart`() async throws {
    try await withTemporaryDirectory { directory in
      var present = try sampleAddress("2001:db8::1", seenUntil: 1990)
      present.leftAt = nil
      let answers = RememberedAnswers(
        answers: 7, firstAnsweredAt: WallTime(secondsSinceEpoch: 10.25),
        history: [try sampleAddress("10.0.3.7", seenUntil: 1000), present],
        changes: [
          try sampleChange(at: 1, from: [], to: ["10.0.3.7"]),
          try sampleChange(at: 1, from: ["10.0.3.7"], to: ["10.0.3.7", "2001:db8::1"]),
        ])
      let empty = RememberedAnswers(answers: 0, firstAnsweredAt: nil, history: [], changes: [])
      let first = try HistoryDatabase.open(directory: directory)
      try first.answers.save("orders-db.internal", answers, at: now)
      try first.answers.save("unanswered", empty, at: now)
      try first.close()
      let second = try HistoryDatabase.open(directory: directory)
      #expect(try second.answers.load(at: now) == ["orders-db.internal": answers, "unanswered": empty])
    }
  }

  @Test func `a later save replaces what changed and keeps the rest`() async throws {
    try await withTemporaryDirectory { directory in
      let memory = try HistoryDatabase.open(directory: directory).answers
      var answers = try sampleAnswers("10.0.0.1")
      try memory.save(["a": answers, "b": answers], at: now)
      answers.answers = 2
      answers.history = [try sampleAddress("10.0.0.2", seenUntil: 1500)]
      answers.changes = [try sampleChange(at: 3, from: ["10.0.0.1"], to: ["10.0.0.2"])]
      try memory.save("a", answers, at: now)
      #expect(try memory.load(at: now) == ["a": answers, "b": try sampleAnswers("10.0.0.1")])
    }
  }

  @Test func `changes follow each other and the last twenty stay`() async throws {
    try await withTemporaryDirectory { directory in
      let memory = try HistoryDatabase.open(directory: directory).answers
      var answers = try sampleAnswers("10.0.0.1")
      for second in 0..<50 {
        answers.answers += 1
        answers.changes.append(try sampleChange(at: Double(second), from: [], to: ["10.0.0.\(second)"]))
        if second.isMultiple(of: 3) { try memory.save("a", answers, at: now) }
      }
      try memory.save("a", answers, at: now)
      #expect(try memory.load(at: now)["a"]?.changes == answers.changes.suffix(20))
    }
  }

  @Test func `rows that did not change are not written`() async throws {
    try await withTemporaryDirectory { directory in
      let history = try HistoryDatabase.open(directory: directory)
      var answers = try sampleAnswers("10.0.0.1")
      answers.history.append(try sampleAddress("10.0.0.2", seenUntil: 1200))
      answers.changes = [try sampleChange(at: 3, from: ["10.0.0.1"], to: ["10.0.0.2"])]
      try history.answers.save("a", answers, at: now)
      let queue = try DatabaseQueue(path: history.path)
      try queue.writeStatement("CREATE TABLE written (what TEXT)")
      for table in ["name", "name_address", "name_change"] {
        for event in ["INSERT", "UPDATE", "DELETE"] {
          try queue.writeStatement(
            """
            CREATE TRIGGER watch_\(table)_\(event) AFTER \(event) ON \(table)
            BEGIN INSERT INTO written VALUES ('\(event) \(table)'); END
            """)
        }
      }
      try history.answers.save("a", answers, at: now + .seconds(1))
      #expect(try queue.strings("SELECT what FROM written") == [])
      answers.history[1].lastSeenAt = now
      answers.history[1].leftAt = nil
      try history.answers.save("a", answers, at: now + .seconds(2))
      #expect(try queue.strings("SELECT what FROM written") == ["UPDATE name_address"])
    }
  }

  @Test func `addresses that were not seen for thirty days are dropped`() async throws {
    try await withTemporaryDirectory { directory in
      let memory = try HistoryDatabase.open(directory: directory).answers
      let day = 86_400.0
      var answers = try sampleAnswers("10.0.0.1", seenUntil: 1 * day)
      answers.history.append(try sampleAddress("10.0.0.2", seenUntil: 2 * day))
      func remembered(day number: Double) throws -> [String]? {
        let loaded = try memory.load(at: WallTime(secondsSinceEpoch: number * day))
        return loaded["a"]?.history.map(\.address.description)
      }
      try memory.save("a", answers, at: WallTime(secondsSinceEpoch: 2 * day))
      #expect(try remembered(day: 31) == ["10.0.0.1", "10.0.0.2"])
      #expect(try remembered(day: 31.5) == ["10.0.0.2"])
      try memory.save("b", try sampleAnswers("10.0.0.9"), at: WallTime(secondsSinceEpoch: 31.5 * day))
      #expect(try remembered(day: 3) == ["10.0.0.2"])
      try memory.save("a", answers, at: WallTime(secondsSinceEpoch: 33 * day))
      #expect(try remembered(day: 3) == [])
    }
  }

  @Test func `a thousand names are kept and the oldest go first`() async throws {
    try await withTemporaryDirectory { directory in
      let memory = try HistoryDatabase.open(directory: directory).answers
      try memory.save(["old": try sampleAnswers("10.0.0.1"), "older": try sampleAnswers("10.0.0.2")], at: now)
      try memory.save("old", try sampleAnswers("10.0.0.1", answers: 2), at: now + .seconds(1))
      let answers = try sampleAnswers("10.0.0.3")
      let names = (0..<999).map { ("name\($0)", answers) }
      try memory.save(Dictionary(uniqueKeysWithValues: names), at: now + .seconds(2))
      let loaded = try memory.load(at: now)
      #expect(loaded.count == 1000)
      #expect(loaded["old"] != nil)
      #expect(loaded["older"] == nil)
    }
  }
}
