import DeptopHistory
import DeptopModel
import GRDB
import Testing

@Suite struct AuditLogTests {
  @Test func `entries come back as they were appended, over a restart, newest last`() async throws {
    try await withTemporaryDirectory { directory in
      var refused = sampleEntry(3, .refused, action: nil)
      refused.actor.user = nil
      refused.plan = nil
      refused.reason = nil
      refused.duration = nil
      let entries = [sampleEntry(1, .started), sampleEntry(2), refused]
      let first = try HistoryDatabase.open(directory: directory)
      for entry in entries { try first.audit.append(entry) }
      try first.close()
      let second = try HistoryDatabase.open(directory: directory)
      #expect(try second.audit.entries(limit: 10) == entries)
    }
  }

  @Test func `entries are chosen by number, dependency and time`() async throws {
    try await withTemporaryDirectory { directory in
      let audit = try HistoryDatabase.open(directory: directory).audit
      for second in 1...6 {
        try audit.append(sampleEntry(Double(second), dependency: second.isMultiple(of: 2) ? "even" : "odd"))
      }
      func seconds(_ entries: [AuditEntry]) -> [Double] { entries.map(\.at.secondsSinceEpoch) }
      #expect(seconds(try audit.entries(limit: 2)) == [5, 6])
      #expect(seconds(try audit.entries(limit: 2, dependency: "odd")) == [3, 5])
      #expect(seconds(try audit.entries(limit: 9, since: WallTime(secondsSinceEpoch: 4))) == [4, 5, 6])
      #expect(
        seconds(try audit.entries(limit: 9, dependency: "even", since: WallTime(secondsSinceEpoch: 3))) == [4, 6])
      #expect(seconds(try audit.entries(limit: 0)).isEmpty)
      #expect(seconds(try audit.entries(limit: -1)).isEmpty)
    }
  }

  @Test(arguments: [
    "UPDATE audit SET result = 'nothing happened'",
    "DELETE FROM audit",
    "DELETE FROM audit WHERE id = 1",
    "REPLACE INTO audit SELECT * FROM audit WHERE id = 1",
    "INSERT INTO audit SELECT * FROM audit WHERE id = 1 ON CONFLICT (id) DO UPDATE SET result = 'x'",
  ])
  func `no statement changes or removes an entry`(statement: String) async throws {
    try await withTemporaryDirectory { directory in
      let history = try HistoryDatabase.open(directory: directory)
      try history.audit.append(sampleEntry(1))
      let queue = try DatabaseQueue(path: history.path)
      let error = #expect(throws: DatabaseError.self) { try queue.writeStatement(statement) }
      #expect(error?.message == "the audit is append-only")
      #expect(try history.audit.entries(limit: 10) == [sampleEntry(1)])
    }
  }

  @Test func `actions that never ended are marked once`() async throws {
    try await withTemporaryDirectory { directory in
      let audit = try HistoryDatabase.open(directory: directory).audit
      try audit.append(sampleEntry(1, .started, action: "done"))
      try audit.append(sampleEntry(2, .finished, action: "done"))
      try audit.append(sampleEntry(3, .started, dependency: "cache", action: "lost"))
      try audit.append(sampleEntry(4, .started, action: "older"))
      try audit.append(sampleEntry(5, .interrupted, action: "older"))
      try audit.append(sampleEntry(6, .refused, action: nil))
      try audit.append(sampleEntry(7, .started, action: "lost too"))
      let marked = try audit.markInterrupted(at: WallTime(secondsSinceEpoch: 9))
      #expect(marked.map(\.action) == ["lost", "lost too"])
      #expect(marked.allSatisfy { $0.event == .interrupted && $0.at.secondsSinceEpoch == 9 && $0.duration == nil })
      #expect(marked.first?.dependency == "cache")
      #expect(marked.first?.actor.user == "alice")
      #expect(marked.first?.reason == "failover drill")
      #expect(try audit.entries(limit: 2) == marked)
      #expect(try audit.markInterrupted().isEmpty)
    }
  }

  @Test func `an action that went step by step is marked with how far it got`() async throws {
    try await withTemporaryDirectory { directory in
      let audit = try HistoryDatabase.open(directory: directory).audit
      try audit.append(sampleEntry(1, .started, action: "lost"))
      try audit.append(sampleEntry(2, .started, action: "other"))
      for (moment, text) in [(3, "2 of 16 done"), (4, "4 of 16 done, 2 more begun")] {
        var entry = sampleEntry(Double(moment), .progress, action: "lost")
        entry.result = text
        try audit.append(entry)
      }
      let marked = try audit.markInterrupted(at: WallTime(secondsSinceEpoch: 9))
      #expect(marked.map(\.action) == ["lost", "other"])
      #expect(marked.first?.result == "interrupted after: 4 of 16 done, 2 more begun; nothing more is closed")
      #expect(marked.last?.result.hasPrefix("the collector ended") == true)
    }
  }

  @Test func `an entry that this version cannot read is named`() async throws {
    try await withTemporaryDirectory { directory in
      let history = try HistoryDatabase.open(directory: directory)
      try DatabaseQueue(path: history.path).writeStatement(
        """
        INSERT INTO audit (at, event, verb, dependency, uid, pid, result)
        VALUES (1, 'started', 'teleport', 'orders-db', 0, 1, '')
        """)
      let error = #expect(throws: HistoryError.self) { try history.audit.entries(limit: 1) }
      #expect(error?.reason == .damaged)
      #expect(error?.description == "\(history.path): audit entry 1 has an unknown event or verb: started, teleport")
    }
  }
}
