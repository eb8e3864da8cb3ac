import DeptopDashboard
import DeptopModel
import DeptopScreen
import Testing

@Suite("Filter, search, sort, freeze and theme")
struct StateTests {
  @Test(
    "a filter keeps what it names",
    arguments: [
      ("level:critical", ["orders-db", "payments-api"]), ("kind:redis", ["cache"]),
      ("postgres", ["orders-db", "ledger"]),
      ("!kind:postgres !level:ok level:warn", ["search"]), ("10.2.0.9:9092", ["10.2.0.9:9092"]),
      ("10.0.3.7", ["orders-db"]), ("client:pgbouncer", ["orders-db"]), ("name:mail", ["mail-relay"]), ("nothing", []),
    ])
  func filter(_ query: String, _ expected: [String]) throws {
    let filter = Filter(query)
    let found = Fixture.driftedHost.dependencies.filter(filter.matches).map(\.id.rawValue)
    #expect(Set(found) == Set(expected))
  }

  @Test("a filter is in the title while it holds, and Esc takes it away")
  func filterOnScreen() throws {
    var bench = Bench(Fixture.driftedHost)
    bench.press(.character("\\"))
    bench.type("kind:redis")
    bench.press(.enter)
    #expect(try bench.screen().contains("filter: kind:redis (1 of 8)"))
    #expect(try !bench.screen().contains("payments-api    "))
    #expect(bench.state.selectedDependency == "cache")
    bench.press(.escape)
    #expect(try bench.screen().contains("payments-api"))
  }

  @Test("Esc while typing a filter brings the one before back")
  func filterUndone() {
    var bench = Bench(Fixture.driftedHost)
    bench.press(.character("\\"))
    bench.type("redis")
    bench.press(.enter, .character("\\"))
    bench.type("xyz")
    bench.press(.escape)
    #expect(bench.state.filter == Filter("redis"))
  }

  @Test("a level that does not exist is told")
  func filterProblem() throws {
    var bench = Bench(Fixture.driftedHost, columns: 160)
    bench.press(.character(":"))
    bench.type("filter level:bad")
    bench.press(.enter)
    #expect(try bench.screen().contains("no level starts with \"bad\""))
  }

  @Test("search goes to the next match and around, n and N go on")
  func search() throws {
    var bench = Bench(Fixture.driftedHost)
    bench.press(.character("/"))
    bench.type("a")
    bench.press(.enter)
    #expect(bench.state.selectedDependency == "payments-api")
    bench.press(.character("n"))
    #expect(bench.state.selectedDependency == "search")
    bench.press(.character("N"), .character("N"))
    #expect(bench.state.selectedDependency == "mail-relay")
  }

  @Test("a search without a match says so and moves nothing")
  func searchWithoutMatch() throws {
    var bench = Bench(Fixture.driftedHost)
    bench.press(.character("/"))
    bench.type("zzz")
    bench.press(.enter)
    #expect(bench.state.selectedDependency == "orders-db")
    #expect(try bench.screen().contains("no name contains"))
  }

  @Test("the frozen display stands still while the collection goes on")
  func freeze() throws {
    var bench = Bench(Fixture.driftedHost)
    bench.press(.character("z"))
    let before = try bench.screen().split(separator: "\n").dropFirst(2)
    bench.wait(.seconds(12))
    bench.receive { $0.dependencies.removeAll() }
    #expect(try bench.screen().split(separator: "\n").dropFirst(2) == before)
    #expect(try bench.screen().contains("FROZEN for 12s"))
    bench.press(.character("z"))
    #expect(try bench.screen().contains("no outbound connections"))
  }

  @Test("T goes through the themes, :theme names one, A changes the signs")
  func themes() throws {
    var bench = Bench(Fixture.driftedHost)
    bench.press(.character("T"))
    #expect(bench.takeEffects() == [.useTheme("light")])
    bench.press(.character(":"))
    bench.type("theme mo")
    bench.press(.enter)
    #expect(bench.takeEffects() == [.useTheme("mono")])
    bench.press(.character("T"))
    #expect(bench.takeEffects() == [.useTheme("dark")])
    bench.press(.character("A"))
    #expect(try bench.canvas().cells.allSatisfy { $0.text?.isASCII == true })
  }

  @Test("the sort menu sorts, choosing the same column again turns the order")
  func sort() throws {
    var bench = Bench(Fixture.driftedHost)
    bench.press(.character("s"), .down, .enter)
    #expect(bench.state.sort == SortOrder(.name))
    #expect(try firstName(bench) == "10.2.0.9:9092")
    bench.press(.character("I"))
    #expect(try firstName(bench) == "search")
    bench.press(.character(":"))
    bench.type("sort dns")
    bench.press(.enter)
    #expect(try firstName(bench) == "orders-db")
  }

  private func firstName(_ bench: Bench) throws -> String {
    let line = try bench.canvas().text()[3]
    return String(line.split(separator: " ").dropFirst().first ?? "")
  }

  @Test("what is not known is at the end, whichever way the rest is sorted", arguments: [true, false])
  func unknownLast(_ descending: Bool) throws {
    var bench = Bench(Fixture.driftedHost)
    bench.press(.character(":"))
    bench.type("sort requests")
    bench.press(.enter)
    if !descending { bench.press(.character("I")) }
    let rows = try ["orders-db", "search", "cache"].map { try #require(try bench.row(of: $0)) }
    let unknown = try #require(try bench.row(of: "kafka"))
    #expect(rows.allSatisfy { $0 < unknown })
  }

  @Test("Tab completes words and arguments of the command line")
  func completion() throws {
    var bench = Bench(Fixture.driftedHost)
    bench.press(.character(":"))
    bench.type("so")
    bench.press(.tab)
    #expect(bench.state.prompt?.field.text == "so")
    bench.type("r")
    bench.press(.tab)
    #expect(bench.state.prompt?.field.text == "sort ")
    bench.type("ret")
    bench.press(.tab)
    #expect(bench.state.prompt?.field.text == "sort retransmits")
  }

  @Test("a command that does not exist is answered with those that do")
  func unknownCommand() throws {
    var bench = Bench(Fixture.driftedHost)
    bench.press(.character(":"))
    bench.type("drian")
    bench.press(.enter)
    #expect(try bench.screen().contains("no single command \"drian\""))
  }

  @Test("a paste is text where text is typed, and nothing anywhere else")
  func paste() {
    var bench = Bench(Fixture.driftedHost, isArmed: true)
    bench.send(.pasted("qD:quit\n"))
    #expect(bench.effects.isEmpty && bench.state.dialog == nil)
    bench.press(.character("\\"))
    bench.send(.pasted("kind:\u{1B}redis\n"))
    #expect(bench.state.prompt?.field.text == "kind:redis ")
    #expect(bench.state.filter.text == "kind:redis ")
  }

  @Test("a pasted name does not confirm an action")
  func pastedName() throws {
    var bench = Bench(Fixture.driftedHost, isArmed: true)
    bench.press(.character("D"))
    bench.send(.planReceived(Fixture.plan(.typeName, Fixture.drainRequest)))
    bench.wait(.seconds(1))
    _ = bench.takeEffects()
    bench.send(.pasted("orders-db"))
    bench.press(.enter)
    #expect(bench.takeEffects().isEmpty)
  }

  @Test("moving keeps the selection in view", arguments: [Key.end, .pageDown, .control("d"), .character("G")])
  func movement(_ key: Key) throws {
    var bench = Bench(Fixture.largeHost(), columns: 80, rows: 24)
    bench.press(key, .down)
    let selected = try #require(bench.state.selectedDependency?.rawValue)
    #expect(try bench.screen().contains(selected))
    bench.press(.home)
    #expect(try bench.screen().contains("service-1007"))
  }

  @Test("nothing breaks at any size, with any screen or dialog", arguments: [0, 1, 2, 3, 5, 9, 17, 39, 81])
  func everySize(_ columns: Int) throws {
    for rows in [0, 1, 2, 3, 4, 7, 13, 30] {
      var bench = Bench(Fixture.driftedHost, columns: columns, rows: rows, isArmed: true)
      for key in ["1", "2", "3", "4", "5", "6", "7", "1", "s"] as [Character] {
        bench.press(.character(key))
        #expect(try bench.canvas().size == Size(columns: columns, rows: rows))
      }
      bench.press(.escape, .enter, .pageDown, .character("D"))
      bench.send(.planReceived(Fixture.plan(.typeName, Fixture.drainRequest)))
      #expect(try bench.canvas().size == Size(columns: columns, rows: rows))
    }
  }
}
