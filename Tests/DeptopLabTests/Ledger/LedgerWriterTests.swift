import DeptopLab
import DeptopTestSupport
import FoundationEssentials
import Glibc
import Synchronization
import Testing

@Suite struct LedgerWriterTests {
  private let directory: TemporaryDirectory

  init() throws {
    directory = try TemporaryDirectory()
  }

  @Test func `lines are written in their order, for the owner alone`() throws {
    let writer = try LedgerWriter(path: directory.file("ledger"))
    let lines = (0..<500).map(line)
    lines.forEach(writer.append)
    writer.flush()
    #expect(directory.read("ledger") == lines.map { $0.text + "\n" }.joined())
    var status = stat()
    let found = unsafe stat(directory.file("ledger"), &status)
    try #require(found == 0)
    #expect(status.st_mode & 0o777 == 0o600)
  }

  @Test func `a line is written without anybody asking for it`() async throws {
    let writer = try LedgerWriter(path: directory.file("ledger"))
    writer.append(line(1))
    try await waitUntil("the line is in the file") { directory.read("ledger") == line(1).text + "\n" }
    writer.append(line(2))
    try await waitUntil("the next one is too") { directory.read("ledger").hasSuffix(line(2).text + "\n") }
  }

  @Test func `a line is written also when its writer is let go of`() async throws {
    try LedgerWriter(path: directory.file("ledger")).append(line(1))
    try await waitUntil("the line is in the file") { directory.read("ledger") == line(1).text + "\n" }
  }

  @Test func `two writers of one file do not mix their lines`() async throws {
    let path = directory.file("ledger")
    let writers = [try LedgerWriter(path: path), try LedgerWriter(path: path)]
    await withTaskGroup { group in
      for task in 0..<8 {
        group.addTask {
          for number in 0..<1000 {
            writers[task % 2].append(line(task * 1000 + number))
            if number % 100 == 0 { writers[task % 2].flush() }
          }
        }
      }
    }
    writers.forEach { $0.flush() }
    let found = directory.read("ledger").split(separator: "\n").map { LedgerLine($0) }
    #expect(found.count == 8000)
    #expect(Set(found) == Set((0..<8000).map { Optional(line($0)) }))
  }

  @Test func `a full disk is said once`() throws {
    let problems = Problems()
    let writer = try LedgerWriter(path: "/dev/full", lost: problems.add)
    for number in 0..<3 {
      writer.append(line(number))
      writer.flush()
    }
    #expect(problems.texts == ["cannot write the ledger /dev/full: No space left on device"])
  }

  @Test func `a removed file is said once`() throws {
    let problems = Problems()
    let path = directory.file("ledger")
    let writer = try LedgerWriter(path: path, lost: problems.add)
    let removed = unsafe unlink(path)
    try #require(removed == 0)
    for number in 0..<3 {
      writer.append(line(number))
      writer.flush()
    }
    #expect(problems.texts == ["the ledger \(path) was removed"])
  }

  @Test func `a file that cannot be opened is an error`() {
    #expect(throws: LedgerProblem.self) { try LedgerWriter(path: directory.file("none/ledger")) }
  }

  @Test func `a lost ledger ends its process`() async {
    let result = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      let writer = try LedgerWriter(path: "/dev/full")
      writer.append(line(1))
      writer.flush()
    }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(text.contains("cannot write the ledger /dev/full: No space left on device\n"))
  }

  @Test func `the lab's clock never goes back`() {
    let times = (0..<1000).map { _ in LabClock.now }
    #expect(times == times.sorted())
    #expect(times[0] > 0)
  }
}

private func line(_ number: Int) -> LedgerLine {
  .served(.init(id: "orders-\(number).1", address: "127.0.0.1", received: 1, ended: 2, outcome: "ok"))
}

private final class Problems: Sendable {
  private let list = Mutex<[String]>([])

  var texts: [String] { list.withLock { $0 } }

  @Sendable func add(_ problem: LedgerProblem) {
    list.withLock { $0.append(problem.description) }
  }
}
