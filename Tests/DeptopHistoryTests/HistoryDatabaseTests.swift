import DeptopHistory
import DeptopModel
import GRDB
import Glibc
import Testing

@Suite struct HistoryDatabaseTests {
  private func error(_ directory: String) -> HistoryError? {
    do throws(HistoryError) {
      _ = try HistoryDatabase.open(directory: directory)
      return nil
    } catch {
      return error
    }
  }

  private func write(_ text: String, to path: String) throws {
    let descriptor = unsafe Glibc.open(path, O_WRONLY | O_CREAT, 0o600)
    try #require(descriptor >= 0)
    #expect(unsafe Glibc.write(descriptor, text, text.utf8.count) == text.utf8.count)
    #expect(Glibc.close(descriptor) == 0)
  }

  @Test func `missing directories and the file are made for their owner alone`() async throws {
    try await withTemporaryDirectory { directory in
      let history = try HistoryDatabase.open(directory: "\(directory)/state/deptop/")
      #expect(history.path == "\(directory)/state/deptop/deptop.sqlite")
      #expect(try permissions(of: "\(directory)/state") == 0o700)
      #expect(try permissions(of: "\(directory)/state/deptop") == 0o700)
      for suffix in ["", "-wal", "-shm"] { #expect(try permissions(of: history.path + suffix) == 0o600) }
    }
  }

  @Test func `the file says whose it is and writes ahead`() async throws {
    try await withTemporaryDirectory { directory in
      let history = try HistoryDatabase.open(directory: directory)
      let queue = try DatabaseQueue(path: history.path)
      #expect(try queue.strings("PRAGMA application_id") == ["\(0x6465_7074)"])
      #expect(try queue.strings("PRAGMA journal_mode") == ["wal"])
    }
  }

  @Test func `closing leaves one file that holds everything`() async throws {
    try await withTemporaryDirectory { directory in
      let history = try HistoryDatabase.open(directory: directory)
      try history.audit.append(sampleEntry(1))
      #expect(try history.audit.entries(limit: 1).count == 1)
      try history.close()
      #expect(names(in: directory) == [HistoryDatabase.fileName])
      #expect(try HistoryDatabase.open(directory: directory).audit.entries(limit: 2) == [sampleEntry(1)])
    }
  }

  @Test func `a path below a file is refused`() async throws {
    try await withTemporaryDirectory { directory in
      let file = "\(directory)/file"
      try write("", to: file)
      #expect(error(file)?.description == "\(file): is not a directory")
      #expect(error("\(file)/state")?.description == "\(file)/state: cannot be created: Not a directory")
      #expect(error("\(file)/state")?.reason == .directory)
      #expect(error("")?.description == ": cannot be created: No such file or directory")
    }
  }

  @Test func `a file that is no database is refused and left as it is`() async throws {
    try await withTemporaryDirectory { directory in
      let path = "\(directory)/deptop.sqlite"
      try write(String(repeating: "These are my notes.\n", count: 100), to: path)
      #expect(error(directory)?.description == "\(path): is not a database")
      #expect(error(directory)?.reason == .foreign)
      var status = stat()
      #expect(unsafe stat(path, &status) == 0 && status.st_size == 2000)
    }
  }

  @Test func `another program's database is refused`() async throws {
    try await withTemporaryDirectory { directory in
      let path = "\(directory)/deptop.sqlite"
      try DatabaseQueue(path: path).writeStatement("CREATE TABLE recipe (id INTEGER PRIMARY KEY)")
      #expect(error(directory)?.description == "\(path): is another program's database")
    }
  }

  @Test func `a database of a newer version is refused`() async throws {
    try await withTemporaryDirectory { directory in
      let history = try HistoryDatabase.open(directory: directory)
      try DatabaseQueue(path: history.path).writeStatement("INSERT INTO grdb_migrations VALUES ('99-future')")
      try history.close()
      #expect(error(directory)?.description == "\(history.path): was written by a newer version of deptop")
      #expect(error(directory)?.reason == .newerSchema)
    }
  }

  @Test func `a directory that may not be written is refused for an ordinary user`() async throws {
    await #expect(processExitsWith: .success) {
      try await withTemporaryDirectory { directory in
        try #require(unsafe chmod(directory, 0o555) == 0)
        defer { #expect(unsafe chmod(directory, 0o700) == 0) }
        let isRoot = geteuid() == 0
        if isRoot { try #require(setegid(65534) == 0 && seteuid(65534) == 0) }
        defer { if isRoot { #expect(seteuid(0) == 0) } }
        for (path, culprit, action) in [
          (directory, "\(directory)/deptop.sqlite", "cannot be opened for writing"),
          ("\(directory)/state", "\(directory)/state", "cannot be created"),
        ] {
          let error = #expect(throws: HistoryError.self) { try HistoryDatabase.open(directory: path) }
          #expect(error?.description == "\(culprit): \(action): Permission denied")
        }
      }
    }
  }

  @Test func `a database in a directory that may not be written is refused for an ordinary user`() async throws {
    await #expect(processExitsWith: .success) {
      try await withTemporaryDirectory { directory in
        let history = try HistoryDatabase.open(directory: directory)
        try history.close()
        try #require(unsafe chmod(history.path, 0o666) == 0 && chmod(directory, 0o555) == 0)
        defer { #expect(unsafe chmod(directory, 0o700) == 0) }
        let isRoot = geteuid() == 0
        if isRoot { try #require(setegid(65534) == 0 && seteuid(65534) == 0) }
        defer { if isRoot { #expect(seteuid(0) == 0) } }
        let error = #expect(throws: HistoryError.self) { try HistoryDatabase.open(directory: directory) }
        #expect(error?.reason == .notWritable)
        #expect(error?.path == history.path)
      }
    }
  }

  @Test func `readers go on while entries are appended`() async throws {
    try await withTemporaryDirectory { directory in
      let history = try HistoryDatabase.open(directory: directory)
      let other = try HistoryDatabase.open(directory: directory)
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { for second in 1...200 { try history.audit.append(sampleEntry(Double(second))) } }
        for reader in [history, other, history, other] {
          group.addTask {
            var seen = 0
            while seen < 200 {
              let seconds = try reader.audit.entries(limit: 1000).map { Int($0.at.secondsSinceEpoch) }
              #expect(seconds == Array(1...max(1, seconds.count)).prefix(seconds.count).map(\.self))
              #expect(seconds.count >= seen)
              seen = seconds.count
            }
          }
        }
        try await group.waitForAll()
      }
    }
  }
}
