import DeptopDashboard
import DeptopModel
import DeptopScreen
import Testing

@Suite("What the kernel says in the overview")
struct SocketOverlayTests {
  private func row(_ name: String, columns: Int, rows: Int = 36) throws -> String {
    let bench = Bench(Fixture.socketHost, columns: columns, rows: rows)
    let row = try #require(try bench.row(of: name))
    return try bench.canvas().text()[row]
  }

  @Test("dead connections come first, then those that wait, and an estimate says how coarse it is")
  func sentences() throws {
    #expect(
      try row("stock", columns: 120).contains("6 sockets of billing, 5 waiting, oldest 41s, replies ≈12ms (seen at 1s)")
    )
    #expect(try row("✖ orders-db", columns: 120).contains("2 dead of 14 sockets of orders.service"))
    #expect(try row("✖ orders-db", columns: 80).contains("2 dead of 14"))
    #expect(try row("▲ ledger", columns: 40, rows: 10).contains("2 dead of 12"))
  }

  @Test("an estimate stands in no column of measured times")
  func estimate() throws {
    var snapshot = Fixture.calledHost
    let place = try #require(snapshot.place(of: "10.2.0.9:9092"))
    snapshot.dependencies[place].sockets?.value.conditions.replies = ReplyEstimate(
      median: .milliseconds(777), slowest: .seconds(2), samples: 3, resolution: .seconds(1))
    let bench = Bench(snapshot, columns: 200)
    let row = try #require(try bench.row(of: "10.2.0.9:9092"))
    let text = try bench.canvas().text()[row]
    #expect(text.contains("replies ≈777ms (seen at 1s)"))
    #expect(text.split(separator: "777ms").count == 2)
  }

  @Test("a pool with dead connections keeps its figures")
  func pooled() throws {
    let text = try row("▲ ledger", columns: 120)
    #expect(text.contains("2 dead") && text.contains("3/  9/ 20"))
  }

  @Test("the drift is that of the view where most connections are on addresses that left")
  func drift() throws {
    #expect(try row("✖ orders-db", columns: 120).contains("9/11 old"))
    var snapshot = Fixture.socketHost
    let place = try #require(snapshot.place(of: "orders-db"))
    snapshot.dependencies[place].sockets?.value.addresses[0].standing = .current
    snapshot.dependencies[place].sockets?.value.addresses[2].standing = .left
    let bench = Bench(snapshot)
    #expect(try bench.screen().contains("2/2 old"))
  }

  @Test("the worst of the views is the verdict on the name")
  func views() throws {
    var snapshot = Fixture.socketHost
    let place = try #require(snapshot.place(of: "orders-db"))
    snapshot.dependencies[place].sockets?.value.addresses[0].standing = .current
    snapshot.dependencies[place].views[0].resolution.resolvers[0].value.outcome = .noSuchName("NXDOMAIN")
    #expect(try Bench(snapshot).screen().contains("no such name"))
  }

  @Test("the status tells of dead and waiting connections")
  func status() {
    let text = StatusText().status(of: Fixture.socketHost, now: Fixture.now)
    #expect(text.contains("2 dead of 14 sockets of orders.service and 2 more"))
    #expect(text.contains("2 dead of 12 sockets, idle 240s before"))
    #expect(StatusText(glyphs: .ascii).status(of: Fixture.socketHost, now: Fixture.now).allSatisfy { $0.isASCII })
    ScreenSnapshot.check(text, "status-sockets")
  }

  @Test("a path that forgets before keepalive comes is told, with what has ended on it")
  func path() throws {
    var bench = Bench(Fixture.socketHost, columns: 200, rows: 110)
    bench.press(.enter)
    let screen = try bench.screen()
    for text in [
      "30s declared, survived 25s, failed after 31s", "after 2h, off on 2 idle, path forgets after 30s",
      "1450 bytes pass, 1451 are lost, suggests VXLAN or Geneve",
      "3 resets after 31–44s idle, 12 ended, 4 shorter than a tick",
      "now       10.96.0.10 by 127.0.0.1:53", "10.96.0.10 ████████████████    2  current → 10.0.3.9:8080",
    ] { #expect(screen.contains(text), "\(text)") }
  }
}
