import DeptopDashboard
import DeptopModel
import DeptopScreen
import DeptopThemes
import Testing

@Suite("Styles on the screen")
struct StyleTests {
  @Test("the selected row is told apart without any colour, from edge to edge")
  func selectionInMono() throws {
    let bench = Bench(Fixture.driftedHost)
    let canvas = try bench.canvas(at: .mono)
    let selected = try #require(try bench.row(of: "✖ orders-db"))
    let other = try #require(try bench.row(of: "✖ payments-api"))
    for column in [0, 2, 118, 119] {
      #expect(canvas[Position(column: column, row: selected)].style.attributes.contains(.reverse))
      #expect(!canvas[Position(column: column, row: other)].style.attributes.contains(.reverse))
    }
    #expect(canvas[Position(column: 60, row: selected)].style.attributes.contains(.reverse))
    #expect(!canvas[Position(column: 60, row: other)].style.attributes.contains(.reverse))
  }

  @Test("a level's sign has the level's role", arguments: ColorDepth.allCases)
  func levelSigns(_ depth: ColorDepth) throws {
    let inks = try Theme.named("dark").inks(at: depth)
    let bench = Bench(Fixture.driftedHost)
    let canvas = try bench.canvas(at: depth)
    for (text, role) in [
      ("✖ payments-api", Role.critical), ("▲ search", .warning), ("○ ledger", .stale), ("● cache", .ok),
    ] {
      let row = try #require(try bench.row(of: text))
      #expect(canvas[Position(column: 1, row: row)].style == inks[role])
    }
  }

  @Test("an environment where a slip is costly is drawn as one")
  func environment() throws {
    let inks = try Theme.named("dark").inks(at: .trueColor)
    let bench = Bench(Fixture.driftedHost)
    let canvas = try bench.canvas(at: .trueColor)
    let line = canvas.text()[0]
    let column = try #require(
      line.firstRange(of: "PROD").map { line.distance(from: line.startIndex, to: $0.lowerBound) })
    #expect(canvas[Position(column: column, row: 0)].style == inks[.environmentRed])
  }

  @Test("what is shown steps back when the collector is lost, the message does not")
  func lost() throws {
    var bench = Bench(Fixture.driftedHost)
    bench.send(.linkChanged(.lost(since: Fixture.ago(12), reason: "refused", nextAttemptAt: nil)))
    let canvas = try bench.canvas(at: .trueColor)
    let row = try #require(try bench.row(of: "payments-api"))
    #expect(canvas[Position(column: 4, row: row)].style.attributes.contains(.dim))
    #expect(!canvas[Position(column: 4, row: 1)].style.attributes.contains(.dim))
  }

  @Test("what the kernel says has the role of how bad it is", arguments: ColorDepth.allCases)
  func conditions(_ depth: ColorDepth) throws {
    let inks = try Theme.named("dark").inks(at: depth)
    var bench = Bench(Fixture.socketHost, columns: 160)
    bench.press(.enter)
    bench.send(.detailReceived(Fixture.stuckDetail))
    let canvas = try bench.canvas(at: depth)
    for (text, role) in [
      ("│ dead: ", Role.critical), ("│ peer takes no data", .warning), ("│ waiting 38s", .warning),
      ("│ waiting 400ms", .text), ("│ closing (", .muted),
    ] {
      let row = try #require(try bench.row(of: text))
      #expect(canvas[Position(column: 2, row: row)].style == inks[role], "\(text)")
    }
  }

  @Test("a way of repair that cannot be used is drawn as a key that does nothing", arguments: ColorDepth.allCases)
  func repairMenu(_ depth: ColorDepth) throws {
    let inks = try Theme.named("dark").inks(at: depth)
    var bench = Bench(Fixture.socketHost, isArmed: true)
    bench.press(.character("K"))
    let canvas = try bench.canvas(at: depth)
    let styles = try ["C  close stale", "U  unstick"].map { text in
      let row = try #require(try bench.row(of: text))
      let line = canvas.text()[row]
      let column = try #require(
        line.firstRange(of: text).map { line.distance(from: line.startIndex, to: $0.lowerBound) })
      return canvas[Position(column: column, row: row)].style
    }
    #expect(styles[0] != styles[1])
    #expect(styles[1].foreground == inks[.keyDisabled].foreground)
    #expect(styles[1].attributes == inks[.keyDisabled].attributes)
  }
}
