import DeptopDashboard
import DeptopModel
import DeptopScreen
import DeptopThemes
import DeptopWire
import Testing

@Suite("The lab's caption")
struct CaptionTests {
  static let phases: [LabScene.Phase] = [.healthy, .brewing, .broken, .healed]

  static func scene(_ phase: LabScene.Phase, keys: [String] = ["D"]) -> LabScene {
    let caption =
      switch phase {
      case .healthy: "orders-db answers on 10.90.0.11. In ten seconds its name moves to the standby."
      case .brewing: "The name of orders-db moved to 10.90.0.12; its 20 pooled connections did not."
      case .broken:
        "orders-db moved to 10.90.0.12 in DNS, but the pools of orders and web still hold 14 connections to the old "
          + "primary, which refuses writes."
      case .healed: "Every connection of orders-db is on 10.90.0.12: no request failed while they moved."
      }
    return LabScene(
      scenario: "dns-failover", title: "DNS failover", number: 3, count: 15, phase: phase, caption: caption,
      keys: phase == .broken ? keys : [])
  }

  private func bench(_ phase: LabScene.Phase, _ size: Size, isASCII: Bool = false) -> Bench {
    var bench = Bench(
      Fixture.driftedHost, columns: size.columns, rows: size.rows, isASCII: isASCII, isArmed: true)
    bench.send(.sceneChanged(Self.scene(phase)))
    return bench
  }

  private static let sizes = [(120, 36), (80, 24), (40, 10)].map { Size(columns: $0.0, rows: $0.1) }

  @Test(arguments: phases, sizes)
  func `every phase above the key bar`(_ phase: LabScene.Phase, _ size: Size) throws {
    let bench = bench(phase, size)
    ScreenSnapshot.check(try bench.canvas(), "caption-\(phase)-\(size.columns)x\(size.rows)")
  }

  @Test(arguments: sizes)
  func `the caption in ASCII, and on the page of a dependency`(_ size: Size) throws {
    var bench = bench(.broken, size, isASCII: true)
    let canvas = try bench.canvas()
    #expect(canvas.cells.allSatisfy { $0.text?.isASCII == true })
    ScreenSnapshot.check(canvas, "caption-ascii-\(size.columns)x\(size.rows)")
    bench.press(.enter)
    bench.send(.detailReceived(Fixture.ordersDetail))
    ScreenSnapshot.check(try bench.canvas(), "caption-detail-\(size.columns)x\(size.rows)")
  }

  @Test(arguments: sizes)
  func `the lab's end stays on the screen`(_ size: Size) throws {
    var bench = bench(.broken, size)
    bench.send(.labEnded(reason: "the name server ended"))
    bench.wait(.seconds(60))
    ScreenSnapshot.check(try bench.canvas(), "caption-ended-\(size.columns)x\(size.rows)")
  }

  @Test(arguments: ColorDepth.allCases)
  func `phase, keys and the names of dependencies stand out at every depth`(_ depth: ColorDepth) throws {
    let inks = try Theme.named("dark").inks(at: depth)
    let canvas = try bench(.broken, Size(columns: 120, rows: 36)).canvas(at: depth)
    func style(_ text: String, at offset: Int, in line: String) throws -> Style {
      let row = try #require(canvas.text().firstIndex { $0.contains(line) })
      let found = try #require(canvas.text()[row].firstRange(of: text))
      let column = canvas.text()[row].distance(from: canvas.text()[row].startIndex, to: found.lowerBound)
      return canvas[Position(column: column + offset, row: row)].style
    }
    #expect(try style("✖ broken", at: 0, in: "LAB 3/15") == inks[.critical])
    #expect(try style("press D", at: 6, in: "LAB 3/15") == inks[.key])
    #expect(try style("orders-db moved", at: 0, in: "orders-db moved") == inks[.accent])
    #expect(try style("orders-db moved", at: 10, in: "orders-db moved") == inks[.text])
  }

  @Test func `no phase is told by colour alone`() throws {
    let lines = try Self.phases.map { phase in
      let text = try bench(phase, Size(columns: 80, rows: 24)).canvas().text()
      return try #require(text.first { $0.contains("LAB 3/15") })
    }
    #expect(Set(lines).count == Self.phases.count)
    for (line, sign) in zip(lines, ["● healthy", "▲ brewing", "✖ broken", "✔ healed"]) { #expect(line.contains(sign)) }
  }

  @Test func `several keys are named in their order`() throws {
    var bench = bench(.broken, Size(columns: 120, rows: 36))
    bench.send(.sceneChanged(Self.scene(.broken, keys: ["R", "D"])))
    #expect(try bench.screen().contains("press R, then D"))
  }

  @Test func `without a lab nothing of it is seen, and its key means nothing`() throws {
    var bench = Bench(Fixture.driftedHost)
    let before = try bench.screen()
    #expect(!before.contains("LAB"))
    bench.press(.character("L"))
    #expect(bench.effects.isEmpty)
    #expect(try bench.screen() == before)
    bench.press(.character("?"))
    #expect(try !bench.screen().contains("next scenario"))
    #expect(try !bench.screen().contains(":lab"))
  }

  @Test func `L asks for the next scenario in every phase, and the help says so`() throws {
    for phase in Self.phases {
      var bench = bench(phase, Size(columns: 200, rows: 60))
      bench.press(.character("L"))
      #expect(bench.takeEffects() == [.lab(.next)])
      #expect(try bench.screen().contains("L next"))
      bench.press(.character("?"))
      #expect(try bench.screen().contains("the lab's next scenario"))
      #expect(try bench.screen().contains(":lab"))
    }
  }

  @Test(arguments: [
    ("lab", LabRequest.next), ("lab next", .next), ("lab n", .next),
    ("lab play nat-silent", .play(scenario: "nat-silent")),
    ("lab fault slow orders-db 2s", .fault(words: ["slow", "orders-db", "2s"])),
  ])
  func `the command line asks the lab`(_ line: String, _ request: LabRequest) {
    var bench = bench(.broken, Size(columns: 120, rows: 36))
    bench.press(.character(":"))
    bench.type(line)
    bench.press(.enter)
    #expect(bench.takeEffects() == [.lab(request)])
  }

  @Test(arguments: ["lab play", "lab play a b", "lab fault", "lab dance"])
  func `a line that asks the lab for nothing is explained`(_ line: String) throws {
    var bench = bench(.broken, Size(columns: 120, rows: 36))
    bench.press(.character(":"))
    bench.type(line)
    bench.press(.enter)
    #expect(bench.takeEffects().isEmpty)
    #expect(bench.state.notice?.kind == .problem)
  }

  @Test func `without a lab the command line says how to get one`() throws {
    var bench = Bench(Fixture.driftedHost)
    bench.press(.character(":"))
    bench.type("lab next")
    bench.press(.enter)
    #expect(bench.takeEffects().isEmpty)
    #expect(try bench.screen().contains("deptop demo starts one"))
  }

  @Test func `a scene that turns broken moves neither the cursor nor an open dialog`() {
    var bench = bench(.healthy, Size(columns: 80, rows: 24))
    bench.press(.down, .down)
    let selected = bench.state.selectedDependency
    bench.press(.character("D"))
    let dialog = bench.state.dialog
    #expect(dialog != nil)
    bench.send(.sceneChanged(Self.scene(.broken)))
    #expect(bench.state.selectedDependency == selected)
    #expect(bench.state.dialog == dialog)
  }

  @Test func `the selected row stays in view when the caption takes rows away`() throws {
    var bench = Bench(Fixture.largeHost(), columns: 80, rows: 24)
    bench.press(.pageDown)
    let selected = try #require(bench.state.selectedDependency?.rawValue)
    bench.send(.sceneChanged(Self.scene(.broken)))
    #expect(try bench.screen().contains(selected))
  }

  @Test func `scenarios that are left out are listed in the help`() throws {
    var bench = bench(.healthy, Size(columns: 80, rows: 60))
    bench.send(.scenarioLeftOut("nat-silent", reason: "user namespaces are forbidden here"))
    bench.send(.scenarioLeftOut("mtu-black-hole", reason: "user namespaces are forbidden here"))
    #expect(try bench.screen().contains("2 scenarios cannot be played on this host"))
    bench.press(.character("?"), .pageDown)
    #expect(try bench.screen().contains("nat-silent: user namespaces are forbidden here"))
  }

  @Test func `what a caption says is cleaned, and any size is drawn`() throws {
    var scene = Self.scene(.broken)
    (scene.title, scene.caption, scene.keys) = ("a\u{1B}[31mb", "orders-db\u{202E}\u{7} \u{1B}]0;x", ["\u{1B}"])
    for (columns, rows) in [(0, 0), (1, 1), (2, 6), (5, 14), (9, 7), (60, 14), (200, 60)] {
      var bench = Bench(Fixture.driftedHost, columns: columns, rows: rows)
      bench.send(.sceneChanged(scene))
      let canvas = try bench.canvas()
      #expect(canvas.size == Size(columns: columns, rows: rows))
      #expect(canvas.cells.allSatisfy { $0.text.map { columnWidth(of: $0) > 0 } ?? true })
    }
  }
}
