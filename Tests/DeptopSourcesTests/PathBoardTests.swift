import DeptopConfiguration
import DeptopModel
import DeptopSources
import Testing

@Suite struct PathBoardTests {
  private static let now = MonotonicTime.now()
  private let key = PathPlace.Key(
    dependency: "db", address: SocketAddress(IPAddress(v4: 0x0a00_0001), port: 5432))

  private func place(isSizeProbed: Bool = true, port: UInt16 = 5432) -> PathPlace {
    PathPlace(
      key: key, host: "db.example",
      speech: PathProtocol(DependencySettings(name: "db", host: "db.example", port: port)),
      isSizeProbed: isSizeProbed, sockets: OwnSockets())
  }

  private func board(_ place: PathPlace) -> PathBoard {
    var board = PathBoard()
    board.replacePlaces(with: [place])
    return board
  }

  private func seconds(_ seconds: Int) -> MonotonicTime { PathBoardTests.now + .seconds(seconds) }

  @Test func `sizes are due every ten minutes`() {
    var board = board(place())
    #expect(board.takeSweeps(at: seconds(0)).map(\.key) == [key])
    #expect(board.takeSweeps(at: seconds(1)).isEmpty)
    board.note(SizeFindings(problem: "none"), for: key)
    #expect(board.takeSweeps(at: seconds(599)).isEmpty)
    #expect(board.takeSweeps(at: seconds(600)).count == 1)
  }

  @Test func `a sweep out of turn is begun once in thirty seconds`() {
    var board = board(place())
    #expect(board.takeSweeps(of: ["other"], at: seconds(0)).isEmpty)
    #expect(board.takeSweeps(of: ["db"], at: seconds(0)).count == 1)
    #expect(board.takeSweeps(of: ["db"], at: seconds(100)).isEmpty)
    board.note(nil as SizeFindings?, for: key)
    #expect(board.takeSweeps(of: ["db"], at: seconds(29)).isEmpty)
    #expect(board.takeSweeps(of: ["db"], at: seconds(30)).count == 1)
  }

  @Test func `sizes are left alone where the configuration says so`() {
    var board = board(place(isSizeProbed: false))
    #expect(board.takeSweeps(at: seconds(0)).isEmpty)
    #expect(board.takeSweeps(of: ["db"], at: seconds(0)).isEmpty)
  }

  @Test func `a handshake is timed again only when the one before has ended`() {
    var board = board(place())
    #expect(board.takeHandshakes().count == 1)
    #expect(board.takeHandshakes().isEmpty)
    board.note(nil as HandshakeFindings?, for: key)
    #expect(board.takeHandshakes().count == 1)
    var silent = self.board(place(port: 9))
    #expect(silent.takeHandshakes().isEmpty)
  }

  @Test func `both kinds of findings are told together, once`() throws {
    var board = board(place())
    var findings = HandshakeFindings()
    findings.firstByte = .milliseconds(3)
    board.note(findings, for: key)
    var sizes = SizeFindings(problem: "none")
    sizes.largestPacket = 1400
    board.note(sizes, for: key)
    var expected = PathCheck(address: key.address)
    expected.firstByte = .milliseconds(3)
    expected.largestPacket = 1400
    expected.sizeProblem = "none"
    let news = board.takeNews()
    #expect(news.map(\.0) == ["db"])
    #expect(news.map(\.1) == [expected])
    #expect(board.takeNews().isEmpty)
  }

  @Test func `an address that is gone has no news`() {
    var board = board(place())
    board.note(HandshakeFindings(), for: key)
    board.replacePlaces(with: [])
    #expect(board.takeNews().isEmpty)
    board.note(HandshakeFindings(), for: key)
    #expect(board.takeNews().isEmpty)
  }
}
