import DeptopLab
import DeptopTestSupport
import FoundationEssentials
import Glibc
import Testing

@Suite struct LedgerFollowerTests {
  private let directory: TemporaryDirectory
  private var follower: LedgerFollower

  init() throws {
    directory = try TemporaryDirectory()
    follower = LedgerFollower(path: directory.file("ledger"))
  }

  @Test mutating func `a file that does not exist yet has no lines`() throws {
    #expect(try follower.news().isEmpty)
    try directory.write(line(1).text + "\n", to: "ledger")
    #expect(try follower.news() == [line(1)])
  }

  @Test mutating func `only what was added is news`() throws {
    try directory.write("", to: "ledger")
    #expect(try follower.news().isEmpty)
    try append(line(1).text + "\n" + line(2).text + "\n")
    #expect(try follower.news() == [line(1), line(2)])
    #expect(try follower.news().isEmpty)
    try append(line(3).text + "\n")
    #expect(try follower.news() == [line(3)])
    #expect(follower.offset == Int64(directory.read("ledger").utf8.count))
  }

  @Test mutating func `a cut line waits for its end, wherever it is cut`() throws {
    let text = line(1).text + "\n" + line(2).text + "\n"
    var lines: [LedgerLine] = []
    for byte in text.utf8 {
      try append(String(UnicodeScalar(byte)))
      lines += try follower.news()
    }
    #expect(lines == [line(1), line(2)])
  }

  @Test mutating func `a line that looks whole before its end is not read yet`() throws {
    try append(line(1).text)
    #expect(try follower.news().isEmpty)
    #expect(follower.offset == 0)
    try append("\n")
    #expect(try follower.news() == [line(1)])
  }

  @Test mutating func `every kind of line is read`() throws {
    let lines: [LedgerLine] = [
      .request(
        .init(
          id: "web-2-17", dependency: "search-api", began: 1, ended: 5, end: .timeout, attempts: 2, limit: "read")),
      .attempt(.init(id: "web-2-17.1", began: 1, ended: 4, localPort: 40000, address: "10.90.0.31", outcome: "reset")),
      line(3), .connection(at: 9, address: "10.90.0.31", peerPort: 40000, isOpen: false),
    ]
    try append(lines.map { $0.text + "\n" }.joined())
    #expect(try follower.news() == lines)
  }

  @Test mutating func `more than one page is read at once`() throws {
    let lines = (0..<5000).map(line)
    try append(lines.map { $0.text + "\n" }.joined() + "S\tcut")
    #expect(try follower.news() == lines)
    #expect(try follower.news().isEmpty)
  }

  @Test mutating func `what a writer writes is read`() throws {
    let writer = try LedgerWriter(path: directory.file("ledger"))
    for number in 0..<10 {
      writer.append(line(number))
      writer.flush()
      #expect(try follower.news() == [line(number)])
    }
  }

  @Test(arguments: ["", "X\t1", "S\torders-1.1\t10.90.0.11\t1", "S\torders-1.1\t10.90.0.11\t1\tx\tok", "\t"])
  mutating func `a line that is not of a ledger is named with its number`(text: String) throws {
    try append(line(1).text + "\n" + line(2).text + "\n")
    _ = try follower.news()
    try append(line(3).text + "\n\(text)\n" + line(5).text + "\n")
    let cleaned = text.split(separator: "\t", omittingEmptySubsequences: true).joined(separator: " ")
    let problem = "the ledger \(directory.file("ledger")), line 4: \"\(cleaned)\" is no line of a ledger"
    for _ in 0..<2 { #expect(news() == .failure(problem)) }
  }

  @Test mutating func `the first line has the number 1`() throws {
    try append("no\n")
    #expect(news() == .failure("the ledger \(directory.file("ledger")), line 1: \"no\" is no line of a ledger"))
  }

  @Test mutating func `bytes that are no text are no line`() throws {
    var bytes = Array("S\torders-1.1\t10.90.0.11\t1\t2\tok".utf8)
    bytes[2] = 0xff
    try Data(bytes + [UInt8(ascii: "\n")]).write(to: URL(filePath: directory.file("ledger")))
    let shown = "S \u{fffd}rders-1.1 10.90.0.11 1 2 ok"
    let found = news()
    #expect(
      found == .failure("the ledger \(directory.file("ledger")), line 1: \"\(shown)\" is no line of a ledger"))
  }

  @Test mutating func `a problem with a long line does not show all of it`() throws {
    try append(String(repeating: "\u{1b}x", count: 10_000) + "\n")
    guard case .failure(let text) = news() else {
      Issue.record("a line without a meaning was read")
      return
    }
    #expect(text.utf8.count < 400)
    #expect(!text.contains("\u{1b}"))
  }

  @Test mutating func `a file that becomes shorter is an error`() throws {
    try append(line(1).text + "\n" + line(2).text + "\n")
    _ = try follower.news()
    let before = follower.offset
    try directory.write(line(1).text + "\n", to: "ledger")
    let size = line(1).text.utf8.count + 1
    #expect(news() == .failure("the ledger \(directory.file("ledger")) has \(size) bytes, and had \(before)"))
  }

  @Test mutating func `a file that is gone after it was read is an error`() throws {
    try append(line(1).text + "\n")
    _ = try follower.news()
    let removed = unsafe unlink(directory.file("ledger"))
    try #require(removed == 0)
    #expect(news() == .failure("the ledger \(directory.file("ledger")) was removed"))
  }

  @Test func `what cannot be opened or read is an error`() {
    var directoryFollower = LedgerFollower(path: directory.path)
    #expect(throws: LedgerProblem.self) { try directoryFollower.news() }
    var below = LedgerFollower(path: "/dev/null/ledger")
    #expect(throws: LedgerProblem.self) { try below.news() }
  }

  @Test mutating func `a copy goes its own way`() throws {
    try append(line(1).text + "\n")
    var copy = follower
    #expect(try follower.news() == [line(1)])
    #expect(try copy.news() == [line(1)])
  }

  private enum News: Equatable {
    case lines([LedgerLine])
    case failure(String)
  }

  private mutating func news() -> News {
    do throws(LedgerProblem) {
      return .lines(try follower.news())
    } catch {
      return .failure(error.description)
    }
  }

  private func append(_ text: String) throws {
    let path = directory.file("ledger")
    if !directory.has("ledger") { try directory.write("", to: "ledger") }
    guard let handle = unsafe fopen(path, "a") else { throw TestFailure("cannot open \(path): error \(errno)") }
    unsafe fputs(text, handle)
    unsafe fclose(handle)
  }
}

private func line(_ number: Int) -> LedgerLine {
  .served(.init(id: "orders-\(number).1", address: "10.90.0.11", received: 1, ended: 2, outcome: "ok"))
}
