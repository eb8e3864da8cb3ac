import DeptopDashboard
import DeptopModel
import DeptopScreen
import Testing

@Suite("Screens as they were recorded")
struct ScreenTests {
  static let sizes = [(200, 60), (120, 36), (80, 24), (40, 10), (1, 1)].map { Size(columns: $0.0, rows: $0.1) }

  enum Host: String, CaseIterable {
    case healthy, drifted, called, empty, hostile, large

    var snapshot: Snapshot {
      switch self {
      case .healthy: Fixture.healthyHost
      case .drifted: Fixture.driftedHost
      case .called: Fixture.calledHost
      case .empty: Fixture.emptyHost
      case .hostile: Fixture.hostileHost
      case .large: Fixture.largeHost()
      }
    }
  }

  @Test("the overview of every host at every size", arguments: Host.allCases, sizes)
  func overview(_ host: Host, _ size: Size) throws {
    let bench = Bench(host.snapshot, columns: size.columns, rows: size.rows)
    ScreenSnapshot.check(try bench.canvas(), "overview-\(host)-\(size.columns)x\(size.rows)")
  }

  @Test("the overview in ASCII", arguments: [Host.drifted, .called, .hostile], sizes)
  func ascii(_ host: Host, _ size: Size) throws {
    let bench = Bench(host.snapshot, columns: size.columns, rows: size.rows, isASCII: true)
    let canvas = try bench.canvas()
    #expect(canvas.cells.allSatisfy { $0.text?.isASCII == true })
    ScreenSnapshot.check(canvas, "ascii-\(host)-\(size.columns)x\(size.rows)")
  }

  @Test("the collector lost for twelve seconds", arguments: sizes)
  func lost(_ size: Size) throws {
    var bench = Bench(Fixture.driftedHost, columns: size.columns, rows: size.rows)
    let next = Fixture.now + .seconds(2)
    bench.send(.linkChanged(.lost(since: Fixture.ago(12), reason: "connection refused", nextAttemptAt: next)))
    ScreenSnapshot.check(try bench.canvas(), "lost-\(size.columns)x\(size.rows)")
  }

  @Test("before the first snapshot", arguments: sizes)
  func start(_ size: Size) throws {
    let reason = "/run/deptop/control: no such file; is deptopd running? deptop --local starts a private one"
    var bench = Bench(nil, columns: size.columns, rows: size.rows, link: .connecting)
    ScreenSnapshot.check(try bench.canvas(), "connecting-\(size.columns)x\(size.rows)")
    bench.send(.linkChanged(.lost(since: Fixture.ago(3), reason: reason, nextAttemptAt: nil)))
    ScreenSnapshot.check(try bench.canvas(), "no-collector-\(size.columns)x\(size.rows)")
  }

  @Test("the other screens", arguments: ["2", "3", "4", "7"] as [Character], sizes)
  func otherScreens(_ key: Character, _ size: Size) throws {
    var bench = Bench(Fixture.driftedHost, columns: size.columns, rows: size.rows)
    bench.press(.character(key))
    bench.send(.auditReceived(Fixture.audit))
    ScreenSnapshot.check(try bench.canvas(), "\(bench.state.screen.title)-\(size.columns)x\(size.rows)")
  }

  @Test("one dependency", arguments: sizes)
  func detail(_ size: Size) throws {
    var bench = Bench(Fixture.driftedHost, columns: size.columns, rows: size.rows)
    bench.press(.enter)
    ScreenSnapshot.check(try bench.canvas(), "detail-waiting-\(size.columns)x\(size.rows)")
    bench.send(.detailReceived(Fixture.ordersDetail))
    ScreenSnapshot.check(try bench.canvas(), "detail-\(size.columns)x\(size.rows)")
    bench.press(.character("G"))
    ScreenSnapshot.check(try bench.canvas(), "detail-end-\(size.columns)x\(size.rows)")
  }

  @Test("one dependency as its clients report it", arguments: sizes)
  func calls(_ size: Size) throws {
    for (name, isASCII) in [("calls", false), ("calls-ascii", true)] {
      var bench = Bench(Fixture.calledHost, columns: size.columns, rows: size.rows, isASCII: isASCII)
      bench.press(.enter)
      bench.send(.detailReceived(Fixture.exhaustedDetail))
      ScreenSnapshot.check(try bench.canvas(), "\(name)-\(size.columns)x\(size.rows)")
      bench.press(.pageDown)
      ScreenSnapshot.check(try bench.canvas(), "\(name)-page2-\(size.columns)x\(size.rows)")
    }
  }

  @Test("every part of the page about calls", arguments: ["stock", "prices", "payments-api", "tax"], [200, 80])
  func wholeDetails(_ name: String, _ columns: Int) throws {
    var bench = Bench(Fixture.calledHost, columns: columns, rows: 90)
    bench.press(.character("/"))
    bench.type(name)
    bench.press(.enter, .enter)
    ScreenSnapshot.check(try bench.canvas(), "calls-\(name)-\(columns)x90")
  }

  @Test("the menu of breaker states and its plan", arguments: sizes)
  func breakerMenu(_ size: Size) throws {
    var bench = Bench(Fixture.calledHost, columns: size.columns, rows: size.rows, isArmed: true)
    bench.press(.character("B"))
    ScreenSnapshot.check(try bench.canvas(), "breaker-menu-\(size.columns)x\(size.rows)")
    bench.press(.enter)
    bench.send(.planReceived(Fixture.breakerPlan(.closed)))
    ScreenSnapshot.check(try bench.canvas(), "breaker-plan-\(size.columns)x\(size.rows)")
  }

  @Test("the dialogs of a drain, from the plan to the verdict", arguments: sizes)
  func dialogs(_ size: Size) throws {
    var bench = Bench(Fixture.driftedHost, columns: size.columns, rows: size.rows, isArmed: true)
    bench.press(.character("D"))
    ScreenSnapshot.check(try bench.canvas(), "plan-requested-\(size.columns)x\(size.rows)")
    bench.send(.planReceived(Fixture.plan(.typeName, Fixture.drainRequest)))
    ScreenSnapshot.check(try bench.canvas(), "plan-\(size.columns)x\(size.rows)")
    bench.wait(.seconds(1))
    bench.type("orders-db")
    bench.press(.enter)
    bench.send(.actionStarted(Fixture.action()))
    ScreenSnapshot.check(try bench.canvas(), "running-\(size.columns)x\(size.rows)")
    var ended = Fixture.action(phase: .finished)
    ended.verdict = Fixture.healedVerdict
    bench.send(.actionUpdated(ended))
    ScreenSnapshot.check(try bench.canvas(), "verdict-\(size.columns)x\(size.rows)")
  }

  @Test("sort menu, filter and command line", arguments: sizes)
  func prompts(_ size: Size) throws {
    var bench = Bench(Fixture.driftedHost, columns: size.columns, rows: size.rows)
    bench.press(.character("s"))
    ScreenSnapshot.check(try bench.canvas(), "sort-menu-\(size.columns)x\(size.rows)")
    bench.press(.escape, .character("\\"))
    bench.type("level:crit")
    ScreenSnapshot.check(try bench.canvas(), "filter-\(size.columns)x\(size.rows)")
    bench.press(.escape, .character(":"))
    bench.type("so")
    ScreenSnapshot.check(try bench.canvas(), "command-\(size.columns)x\(size.rows)")
  }

  @Test("no cell carries a character that a terminal would obey", arguments: sizes)
  func sanitisesEverything(_ size: Size) throws {
    var bench = Bench(Fixture.hostileHost, columns: size.columns, rows: size.rows)
    for key in ["1", "2", "3", "4", "5", "6", "7"] as [Character] {
      bench.press(.character(key))
      #expect(try bench.canvas().cells.allSatisfy { $0.text.map { columnWidth(of: $0) > 0 } ?? true })
    }
    bench.press(.character("1"), .enter)
    #expect(try bench.canvas().cells.allSatisfy { $0.text.map { columnWidth(of: $0) > 0 } ?? true })
  }
}
