import DeptopDashboard
import DeptopModel
import DeptopScreen
import Testing

@Suite("Clients and namespaces")
struct ClientsTests {
  @Test("services are listed with their worst dependency first, v lists processes")
  func grouping() throws {
    var bench = Bench(Fixture.socketHost)
    bench.press(.character("6"))
    #expect(
      try bench.screen().contains("✖ orders.service         2 web-17             12    2    2 ✖ orders-db 12 (2 dead)"))
    bench.press(.character("v"))
    #expect(try bench.screen().contains("clients by process"))
    #expect(try bench.row(of: "813 orders.service") != nil)
    bench.press(.character("v"))
    #expect(try bench.screen().contains("clients by service"))
  }

  @Test("Enter opens the worst dependency of the selected row, and the selection stays with the service")
  func opening() {
    var bench = Bench(Fixture.socketHost)
    bench.press(.character("6"), .down, .down)
    bench.receive { snapshot in
      snapshot.dependencies[snapshot.place(of: "ledger") ?? 0].level = .critical
      snapshot.dependencies[snapshot.place(of: "orders-db") ?? 0].level = .ok
    }
    bench.press(.enter)
    #expect(bench.state.screen == .detail("ledger"))
    #expect(bench.takeEffects() == [.requestDetail("ledger")])
    bench.press(.escape)
    #expect(bench.state.screen == .clients)
  }

  @Test("v says where it belongs, the filter holds on the clients too")
  func elsewhere() throws {
    var bench = Bench(Fixture.socketHost)
    bench.press(.character("v"))
    #expect(try bench.screen().contains("group: only the clients (6) can be grouped"))
    bench.press(.character(":"))
    bench.type("filter kind:redis")
    bench.press(.enter, .character("6"))
    #expect(try bench.row(of: "pod 3f2a9c1e") != nil)
    #expect(try bench.row(of: "orders.service") == nil)
  }

  @Test("a filter finds clients by the name of their service")
  func filter() {
    let found = Fixture.socketHost.dependencies.filter(Filter("client:orders.service").matches).map(\.id)
    #expect(found == ["orders-db"])
  }

  @Test("a host without connections, and a collector without namespaces, say so")
  func empty() throws {
    var bench = Bench(Fixture.emptyHost)
    bench.press(.character("5"))
    #expect(try bench.screen().contains("the collector tells of no network namespace"))
    bench.press(.character("6"))
    #expect(try bench.screen().contains("no connections"))
    bench.press(.down, .enter)
    #expect(try bench.screen().contains("nothing is selected"))
  }

  @Test("a namespace near a limit stands first, one that is not swept says why")
  func namespaces() throws {
    var bench = Bench(Fixture.socketHost, columns: 160)
    bench.press(.character("5"))
    let full = try #require(try bench.row(of: "▲  pod 3f2a9c1e"))
    let own = try #require(try bench.row(of: "●  web-17"))
    let broken = try #require(try bench.row(of: "not swept: may not be entered: deptop-helper lacks CAP_SYS_ADMIN"))
    #expect(full < broken && broken < own)
    let text = try bench.canvas().text()
    #expect(text[3].contains("pod 3f2a9c1e") && text[3].contains("230k/262k"))
  }

  @Test("names from outside do not reach the terminal")
  func hostile() throws {
    var snapshot = Fixture.socketHost
    snapshot.namespaces[0].label = "web\u{1B}[2J"
    snapshot.namespaces[2].problem = "no\u{202E} way"
    snapshot.dependencies[0].sockets?.value.clients[0].owner?.unit = ServiceUnit(.systemd, "x\u{1B}[31m.service")
    for key in ["1", "5", "6"] as [Character] {
      var bench = Bench(snapshot, columns: 160)
      bench.press(.character(key))
      #expect(try bench.canvas().cells.allSatisfy { $0.text.map { columnWidth(of: $0) > 0 } ?? true })
    }
  }
}
