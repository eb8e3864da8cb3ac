import DeptopHistory
import DeptopModel
import GRDB
import Glibc
import Testing

@Suite struct CrashSafetyTests {
  /// The child appends without end, and another of its threads kills it once there are some entries.
  @Test func `entries survive a process that is killed while it appends`() async throws {
    try await withTemporaryDirectory { directory in
      await #expect(processExitsWith: .signal(SIGKILL)) { [directory = directory as String] in
        let history = try HistoryDatabase.open(directory: directory)
        try await withThrowingTaskGroup(of: Void.self) { group in
          group.addTask {
            for second in 1... { try history.audit.append(sampleEntry(Double(second), .started)) }
          }
          group.addTask {
            while try history.audit.entries(limit: 50).count < 50 { await Task.yield() }
            kill(getpid(), SIGKILL)
          }
          try await group.waitForAll()
        }
      }
      let history = try HistoryDatabase.open(directory: directory)
      let seconds = try history.audit.entries(limit: 1_000_000).map { Int($0.at.secondsSinceEpoch) }
      #expect(seconds.count >= 50)
      #expect(seconds == Array(1...seconds.count))
      let queue = try DatabaseQueue(path: history.path)
      #expect(try queue.strings("PRAGMA integrity_check") == ["ok"])
      #expect(try history.audit.markInterrupted().count == 1)
    }
  }
}
