import DeptopDashboard
import DeptopModel
import DeptopScreen
import Testing

@Suite("Screens about sockets as they were recorded")
struct SocketScreenTests {
  static let sizes = ScreenTests.sizes

  @Test("rows that nobody instrumented say what the kernel says", arguments: sizes)
  func overview(_ size: Size) throws {
    for (name, isASCII) in [("overview-sockets", false), ("ascii-sockets", true)] {
      let bench = Bench(Fixture.socketHost, columns: size.columns, rows: size.rows, isASCII: isASCII)
      let canvas = try bench.canvas()
      #expect(!isASCII || canvas.cells.allSatisfy { $0.text?.isASCII == true && $0.text != "\u{FFFD}" })
      ScreenSnapshot.check(canvas, "\(name)-\(size.columns)x\(size.rows)")
    }
  }

  @Test("one dependency with connections in every condition", arguments: sizes)
  func detail(_ size: Size) throws {
    for (name, isASCII) in [("sockets", false), ("sockets-ascii", true)] {
      var bench = Bench(Fixture.socketHost, columns: size.columns, rows: size.rows, isASCII: isASCII)
      bench.press(.enter)
      bench.send(.detailReceived(Fixture.stuckDetail))
      ScreenSnapshot.check(try bench.canvas(), "\(name)-\(size.columns)x\(size.rows)")
      bench.press(.pageDown)
      ScreenSnapshot.check(try bench.canvas(), "\(name)-page2-\(size.columns)x\(size.rows)")
    }
  }

  @Test("the whole page", arguments: [200, 120, 80, 40])
  func wholePage(_ columns: Int) throws {
    var bench = Bench(Fixture.socketHost, columns: columns, rows: 110)
    bench.press(.enter)
    bench.send(.detailReceived(Fixture.stuckDetail))
    ScreenSnapshot.check(try bench.canvas(), "sockets-whole-\(columns)x110")
  }

  @Test("namespaces and clients", arguments: sizes)
  func pages(_ size: Size) throws {
    for (suffix, isASCII) in [("", false), ("-ascii", true)] {
      var bench = Bench(Fixture.socketHost, columns: size.columns, rows: size.rows, isASCII: isASCII)
      bench.press(.character("5"))
      ScreenSnapshot.check(try bench.canvas(), "namespaces\(suffix)-\(size.columns)x\(size.rows)")
      bench.press(.character("6"))
      ScreenSnapshot.check(try bench.canvas(), "clients\(suffix)-\(size.columns)x\(size.rows)")
      bench.press(.character("v"))
      bench.wait(.seconds(10))
      ScreenSnapshot.check(try bench.canvas(), "clients-process\(suffix)-\(size.columns)x\(size.rows)")
    }
  }

  @Test("the repair from its menu to the verdict", arguments: sizes)
  func repair(_ size: Size) throws {
    var bench = Bench(Fixture.socketHost, columns: size.columns, rows: size.rows, isArmed: true)
    bench.press(.character("K"))
    ScreenSnapshot.check(try bench.canvas(), "repair-menu-\(size.columns)x\(size.rows)")
    bench.press(.enter)
    bench.send(.planReceived(Fixture.repairPlan))
    ScreenSnapshot.check(try bench.canvas(), "repair-plan-\(size.columns)x\(size.rows)")
    bench.wait(.seconds(1))
    bench.press(.enter)
    bench.send(.actionStarted(Fixture.repairAction(nil)))
    bench.send(.actionUpdated(Fixture.repairAction(Fixture.repairVerdict)))
    ScreenSnapshot.check(try bench.canvas(), "repair-verdict-\(size.columns)x\(size.rows)")
  }

  @Test("the menu that sorts sockets", arguments: sizes)
  func sortMenu(_ size: Size) throws {
    var bench = Bench(Fixture.socketHost, columns: size.columns, rows: size.rows)
    bench.press(.enter)
    bench.send(.detailReceived(Fixture.stuckDetail))
    bench.press(.character("s"))
    ScreenSnapshot.check(try bench.canvas(), "sort-sockets-\(size.columns)x\(size.rows)")
  }
}
