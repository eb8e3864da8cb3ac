import DeptopDashboard
import DeptopModel
import DeptopScreen
import Testing

@Suite("What clients report, in words")
struct ConditionTests {
  private func line(_ name: String, of bench: Bench) throws -> String {
    try #require(try bench.canvas().text().dropFirst(2).first { $0.contains(" \(name) ") })
  }

  @Test(
    "every condition has its word in the row, in the frame that has it, at 120 and at 80 columns",
    arguments: [
      ("orders-db", "9 wait"), ("orders-db", "deadline 61%"), ("geo", "deadline 43%"), ("payments-api", "OPEN 41s"),
      ("payments-api", "rejected 100%"), ("search", "OPEN 2/10"), ("stock", "flaps 8×"), ("weather", "forced"),
      ("audit-log", "no traffic"), ("audit-log", "disabled"), ("tax", "stale 95s"), ("prices", "≥2.5s"),
    ], [120, 80])
  func words(_ row: (name: String, word: String), _ columns: Int) throws {
    let bench = Bench(Fixture.calledHost, columns: columns)
    #expect(try line(row.name, of: bench).contains(row.word))
  }

  @Test(
    "with room, the words are whole",
    arguments: [
      ("orders-db", "4.2s 9 wait"), ("stock", "flapping 8×"), ("weather", "forced-open"), ("geo", "×2.9 ▲"),
      ("search", "34% ▲"), ("prices", "≤25ms"),
    ])
  func wholeWords(_ name: String, _ word: String) throws {
    #expect(try line(name, of: Bench(Fixture.calledHost, columns: 200)).contains(word))
  }

  @Test("in 40 columns the condition takes the place of the pool's figures, and DNS keeps its own")
  func compact() throws {
    let bench = Bench(Fixture.calledHost, columns: 40, rows: 24)
    #expect(try line("orders-db", of: bench).hasSuffix("deadline 61% 14/20 old"))
    #expect(try line("payments-api", of: bench).contains("OPEN 41s"))
    #expect(try line("geo", of: bench).hasSuffix("×2.9 retry"))
    #expect(try line("cache", of: bench).contains("2/ 64"))
  }

  private func host(_ change: (inout Dependency) -> Void) -> Snapshot {
    var dependency = Fixture.healthyCalls
    change(&dependency)
    return Fixture.snapshot([dependency])
  }

  @Test(
    "the cause of at least half of the failures is named",
    arguments: [
      ([.success: 70, .timeout: 30], nil, "timeout 30%"),
      ([.success: 70, .timeout: 30], [.read: 20, .deadline: 10], "timeout 30%"),
      ([.success: 70, .timeout: 30], [.deadline: 15, .read: 15], "deadline 30%"),
      ([.success: 70, .rejected: 20, .failure: 10], nil, "rejected 30%"),
      ([.success: 100], [.deadline: 20], "deadline 20%"),
    ] as [([Fate: UInt64], [TimeoutCategory: UInt64]?, String)])
  func causes(_ fates: [Fate: UInt64], _ timeouts: [TimeoutCategory: UInt64]?, _ text: String) throws {
    let bench = Bench(host { $0.calls = Fixture.calls(requests: 100, fates: fates, timeouts: timeouts) })
    #expect(try line("cache", of: bench).contains(" \(text) "))
  }

  @Test("without a cause that dominates, or with few failures, there is the number alone")
  func noCause() throws {
    let mixed: [Fate: UInt64] = [.success: 70, .timeout: 10, .rejected: 10, .failure: 10]
    let few: [Fate: UInt64] = [.success: 95, .timeout: 5]
    for (fates, text) in [(mixed, " 30% "), (few, " 5.0% ")] {
      let row = try line("cache", of: Bench(host { $0.calls = Fixture.calls(requests: 100, fates: fates) }))
      #expect(row.contains(text) && !row.contains("timeout") && !row.contains("rejected"))
    }
  }

  @Test("not reported, no traffic, stale and zero are four different things")
  func differences() throws {
    let rows = try [
      host { $0.calls?.value.counts.fates = nil }, host { $0.calls = Fixture.calls(requests: 0) },
      host {
        $0.calls?.source = "agents/a"
        $0.silentSources = [
          SilentSource(source: "agents/a", since: Fixture.ago(12), reason: "gone", nextAttemptAt: nil)
        ]
      },
      host { $0.calls = Fixture.calls(requests: 10) },
    ].map { try line("cache", of: Bench($0, columns: 80)) }
    #expect(rows[0].hasSuffix("–  2.1ms ok"))
    #expect(rows[1].contains("no traffic"))
    #expect(rows[2].contains("stale 12s"))
    #expect(rows[3].contains(" 0% "))
  }

  @Test("four changes of a breaker within ten minutes are flapping, three are not", arguments: [(4, true), (3, false)])
  func flapping(_ changes: Int, _ isFlapping: Bool) throws {
    let states: [BreakerState] = [.open, .halfOpen, .open, .closed]
    let steps = states.suffix(changes).enumerated().map { (500 - Double($0.offset) * 60, $0.element) }
    var bench = Bench(
      host { $0.breakers = [Fixture.breaker("a", .closed, since: 100, Fixture.changes(steps))] }, columns: 200)
    #expect(try line("cache", of: bench).contains("flapping \(changes)×") == isFlapping)
    bench.wait(.seconds(590))
    #expect(try !line("cache", of: bench).contains("flapping"))
  }

  @Test("a pool that does not count idle connections or callers shows the sign for it, never zero")
  func uncounted() throws {
    let row = try line("prices", of: Bench(Fixture.calledHost, columns: 80))
    #expect(row.contains("2/  –/ 64"))
  }

  @Test("columns about calls and breakers appear with the first report, and stay when clients fall silent")
  func columns() throws {
    var bench = Bench(Fixture.healthyHost)
    #expect(try !bench.canvas().text()[2].contains("BREAKER"))
    bench.receive { snapshot in
      snapshot.dependencies[0].calls = Fixture.healthyCalls.calls
      snapshot.dependencies[0].breakers = Fixture.healthyCalls.breakers
    }
    #expect(try bench.canvas().text()[2].contains("BREAKER"))
    bench.receive { snapshot in
      snapshot.dependencies[0].calls = nil
      snapshot.dependencies[0].breakers = []
    }
    let titles = try bench.canvas().text()[2]
    for title in ["WAIT p99", "BREAKER", "RETRY", "ERR", "P50", "P99"] { #expect(titles.contains(title)) }
  }

  @Test(
    "rows are sorted by what clients report",
    arguments: [
      ("breaker", "weather"), ("amplification", "geo"), ("errors", "payments-api"), ("p50", "geo"),
      ("p99", "orders-db"), ("wait", "orders-db"), ("requests", "cache"),
    ])
  func sorting(_ column: String, _ first: String) throws {
    var bench = Bench(Fixture.calledHost)
    bench.press(.character(":"))
    bench.type("sort \(column)")
    bench.press(.enter)
    #expect(try bench.canvas().text()[3].contains(" \(first) "))
  }

  @Test("the page of a dependency takes pools and clients from its details, and marks who is not verified")
  func detail() throws {
    var bench = Bench(Fixture.calledHost)
    bench.receive { snapshot in
      for index in snapshot.dependencies.indices where snapshot.dependencies[index].id == "orders-db" {
        snapshot.dependencies[index].pools[0].value.client = "2 clients"
        snapshot.dependencies[index].pools.removeLast()
      }
    }
    bench.press(.enter)
    #expect(try bench.screen().contains("2 clients"))
    bench.send(.detailReceived(Fixture.exhaustedDetail))
    let screen = try bench.screen()
    #expect(!screen.contains("2 clients"))
    #expect(screen.contains("1 client unverified") && screen.contains("unverified: otlp"))
    #expect(screen.contains("5 waiting, oldest 41s"))
    #expect(screen.contains("policy: deadline 800ms, retries 2 (budget 10%)"))
  }

  @Test(
    "percentiles that arrived coarser say how far they may be off", arguments: [(5, nil), (1, "±19%"), (0, "±41%")])
  func coarsePercentiles(_ scale: Int, _ bound: String?) throws {
    var bench = Bench(Fixture.calledHost)
    var histogram = Histogram(scale: Int8(scale))
    for milliseconds in 1...200 { histogram.record(.milliseconds(milliseconds)) }
    bench.receive { snapshot in
      for index in snapshot.dependencies.indices where snapshot.dependencies[index].id == "orders-db" {
        snapshot.dependencies[index].calls?.value.responseTime = LatencySummary(.exponential(histogram))
      }
    }
    bench.press(.enter)
    let screen = try bench.screen()
    #expect(screen.contains("percentiles within") == (bound != nil))
    if let bound { #expect(screen.contains("percentiles within \(bound)"), "\(screen)") }
  }

  @Test("details of another dependency change nothing")
  func otherDetail() throws {
    var bench = Bench(Fixture.calledHost)
    bench.press(.down, .enter)
    bench.send(.detailReceived(Fixture.exhaustedDetail))
    let screen = try bench.screen()
    #expect(screen.contains("payments.example.com:443") && !screen.contains("unverified"))
  }

  @Test("what clients call things is made fit to be shown, and counts of any size break nothing", arguments: [40, 200])
  func hostileReports(_ columns: Int) throws {
    let evil = "\u{1B}[2J\u{202E}x\n"
    var dependency = Fixture.exhausted
    dependency.breakers = [Fixture.breaker(evil, .open, reason: evil, Fixture.changes([(30, .open)]))]
    dependency.breakers[0].value.name = evil
    dependency.calls?.value.counts = CallTotals(
      requests: .max, attempts: .max, fates: [.rejected: .max, .timeout: 3], timeouts: [.deadline: .max],
      errors: [evil: .max], resets: .max)
    var detail = Fixture.exhaustedDetail
    detail.dependency = dependency
    detail.clients[0].client.name = evil
    detail.heat = [
      HeatColumn(at: Fixture.ago(20), first: .max, counts: [.max]),
      HeatColumn(at: WallTime(secondsSinceEpoch: 1e300), first: 0, counts: [1]),
      HeatColumn(at: Fixture.ago(30), first: -3, counts: [.max, .max]),
    ]
    var bench = Bench(Fixture.snapshot([dependency]), columns: columns, rows: 120)
    #expect(try !bench.screen().contains("\u{1B}"))
    bench.press(.enter)
    bench.send(.detailReceived(detail))
    #expect(try bench.canvas().cells.allSatisfy { $0.text.map { columnWidth(of: $0) > 0 } ?? true })
  }

  @Test("nothing breaks at any size", arguments: [0, 1, 2, 3, 9, 17, 39, 59, 81, 99, 139])
  func everySize(_ columns: Int) throws {
    for rows in [0, 1, 2, 4, 13, 14, 40] {
      var bench = Bench(Fixture.calledHost, columns: columns, rows: rows, isArmed: true)
      #expect(try bench.canvas().size == Size(columns: columns, rows: rows))
      bench.press(.character("B"))
      #expect(try bench.canvas().size == Size(columns: columns, rows: rows))
      bench.press(.escape, .enter)
      bench.send(.detailReceived(Fixture.exhaustedDetail))
      #expect(try bench.canvas().size == Size(columns: columns, rows: rows))
    }
  }

  @Test("the status as text has the columns that clients fill, and no others")
  func status() {
    let called = StatusText().status(of: Fixture.calledHost, now: Fixture.now)
    let drifted = StatusText().status(of: Fixture.driftedHost, now: Fixture.now)
    for title in ["BREAKER", "ERR", "P99"] {
      #expect(called.contains(title))
      #expect(!drifted.split(separator: "\n").contains { $0.contains("LEVEL") && $0.contains("  \(title)") })
    }
    #expect(called.contains("rejected 100%"))
  }
}
