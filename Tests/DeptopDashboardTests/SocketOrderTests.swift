import DeptopDashboard
import DeptopModel
import DeptopScreen
import Testing

@Suite("The order of sockets")
struct SocketOrderTests {
  private func ports(_ order: SocketOrder, _ connections: [Connection] = Fixture.stuckDetail.connections) -> [Int] {
    order.sorted(connections).map { Int($0.local.port) - 40_000 }
  }

  @Test("worst first: dead, zero window, unanswered, closed by the peer, waiting by age, then the rest")
  func worst() {
    #expect(ports(.worst) == [4, 5, 8, 9, 10, 11, 6, 7, 3, 13, 2, 1, 14, 12])
    #expect(ports(.worst, Fixture.stuckDetail.connections.reversed()) == ports(.worst))
    let best = ports(SocketOrder(.condition, isDescending: false))
    #expect(best.first == 12 && best.suffix(8) == [7, 6, 11, 10, 9, 8, 5, 4])
  }

  @Test("of those that nothing is known of, the ones that left DNS come first, then the oldest")
  func unknown() {
    let sorted = SocketOrder.worst.sorted(Fixture.ordersDetail.connections.shuffled())
    #expect(sorted.prefix(14).allSatisfy { $0.standing == .left })
    #expect(sorted.map(\.since) == sorted.map(\.since).sorted())
  }

  @Test("what is not known stands at the end, whichever way the rest is sorted", arguments: [true, false])
  func unknownLast(_ isDescending: Bool) {
    for column in [SocketOrder.Column.idle, .reply] {
      let sorted = SocketOrder(column, isDescending: isDescending).sorted(Fixture.stuckDetail.connections)
      let known = sorted.map { (column == .idle ? $0.idle : $0.awaitingReply ?? $0.signals.lastReply) != nil }
      #expect(known == known.sorted { $0 && !$1 })
    }
  }

  @Test("by age, owner and address")
  func columns() {
    #expect(ports(SocketOrder(.age)).first == 1)
    #expect(ports(SocketOrder(.age, isDescending: false)).first == 14)
    let owners = SocketOrder(.owner).sorted(Fixture.stuckDetail.connections).map { $0.owner?.pid }
    #expect(owners.first == 2210)
    let remotes = SocketOrder(.address).sorted(Fixture.stuckDetail.connections).map(\.remote)
    #expect(remotes == remotes.sorted())
  }

  @Test("s sorts the sockets of a dependency, I turns them, and the overview's order stays")
  func keys() throws {
    var bench = Bench(Fixture.socketHost, columns: 160)
    bench.press(.enter)
    bench.send(.detailReceived(Fixture.stuckDetail))
    let before = try #require(try bench.row(of: "dead: silent 41s") ?? bench.row(of: "dead: 3 retransmits"))
    bench.press(.character("s"))
    #expect(try bench.screen().contains("sort sockets by"))
    bench.press(.down, .enter)
    #expect(bench.state.socketOrder == SocketOrder(.age))
    #expect(bench.state.sort == .worst)
    bench.press(.character("s"), .home, .enter, .character("I"))
    #expect(bench.state.socketOrder == SocketOrder(.condition, isDescending: false))
    let after = try #require(try bench.row(of: "dead: silent 41s") ?? bench.row(of: "dead: 3 retransmits"))
    #expect(after > before)
    bench.press(.escape, .character("I"))
    #expect(bench.state.sort == SortOrder(.worst, isDescending: false))
    #expect(bench.state.socketOrder == SocketOrder(.condition, isDescending: false))
  }

  @Test("choosing the same column again turns the order")
  func again() {
    var bench = Bench(Fixture.socketHost)
    bench.press(.enter, .character("s"), .enter)
    #expect(bench.state.socketOrder == SocketOrder(.condition, isDescending: false))
    bench.press(.character("s"), .character("G"), .enter)
    #expect(bench.state.socketOrder == SocketOrder(.address))
  }

  @Test("of a long list in trouble the worst are at the top, and the whole at the end")
  func longList() throws {
    var detail = Fixture.stuckDetail
    detail.connections += (100..<160).map { Fixture.connection($0, .idle, idle: 5) }
    var bench = Bench(Fixture.socketHost, columns: 160, rows: 140)
    bench.press(.enter)
    bench.send(.detailReceived(detail))
    let top = try #require(try bench.row(of: "worst 12 of 74 sockets: dead 2"))
    let path = try #require(try bench.row(of: "path to 10.0.3.9"))
    let all = try #require(try bench.row(of: "all 74 sockets"))
    #expect(top < path && path < all)
  }
}
