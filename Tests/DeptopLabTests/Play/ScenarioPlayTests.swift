import DeptopLab
import DeptopWire
import Testing

@testable import DeptopConfiguration

@Suite struct ScenarioPlayTests {
  private let well = ScenarioPlay.Sight(failures: 0)

  /// A play that has come to its first step, at 3 s.
  private func begun(_ scenario: Scenario) -> ScenarioPlay {
    var play = ScenarioPlay(scenario, number: 1, of: 1)
    _ = play.look(at: 0, well)
    _ = play.look(at: 3.s, well)
    return play
  }

  /// A play that is broken since 10 s.
  private func broken(_ scenario: Scenario) -> ScenarioPlay {
    var play = begun(scenario)
    _ = play.look(at: 5.s, well)
    _ = play.look(at: 9.s, well)
    _ = play.look(at: 10.s, ScenarioPlay.Sight(failures: 1, findings: Set(scenario.broken.condition.findings)))
    return play
  }

  @Test func `it opens with the preparation, and says that all is well`() {
    let play = ScenarioPlay(.example(preparation: ["client web search-api rate=5"]), number: 3, of: 15)
    let scene = LabScene(
      scenario: "example", title: "An example", number: 3, count: 15, phase: .healthy,
      caption: "All is well with orders-db; something is about to break.", keys: [])
    #expect(play.opening() == [.apply(["client web search-api rate=5"]), .tell(scene)])
  }

  @Test func `without a preparation nothing is changed at first`() {
    let effects = ScenarioPlay(.example(), number: 1, of: 1).opening()
    #expect(effects.count == 1)
    #expect(effects.scene?.phase == .healthy)
  }

  @Test func `nothing breaks before callers were well for 3 s`() {
    var play = ScenarioPlay(.example(), number: 1, of: 1)
    #expect(play.look(at: 0, well) == [])
    #expect(play.look(at: 3.s - 1, well) == [])
    let effects = play.look(at: 3.s, well)
    #expect(effects.first == .apply(["upstream orders-db errors=1"]))
    #expect(effects.scene?.phase == .brewing)
    #expect(effects.scene?.caption == "It breaks.")
    #expect(effects.scene?.keys == [])
  }

  @Test func `a scenario may ask for more calm, and not for less`() {
    for (calm, expected) in [(Duration.seconds(20), 20), (.seconds(1), 3)] {
      var play = ScenarioPlay(.example(calm: calm), number: 1, of: 1)
      _ = play.look(at: 0, well)
      #expect(play.look(at: expected.s - 1, well) == [])
      #expect(play.look(at: expected.s, well) != [])
    }
  }

  @Test(arguments: [nil, 0.011, 1]) func `calm begins anew when callers are not well`(failures: Double?) {
    var play = ScenarioPlay(.example(), number: 1, of: 1)
    _ = play.look(at: 0, well)
    #expect(play.look(at: 2.s, ScenarioPlay.Sight(failures: failures)) == [])
    #expect(play.look(at: 4.s, well) == [])
    #expect(play.look(at: 7.s - 1, well) == [])
    #expect(play.look(at: 7.s, well) != [])
  }

  @Test func `a failure in a hundred is usual`() {
    var play = ScenarioPlay(.example(), number: 1, of: 1)
    _ = play.look(at: 0, ScenarioPlay.Sight(failures: 0.01))
    #expect(play.look(at: 3.s, ScenarioPlay.Sight(failures: 0.01)) != [])
  }

  @Test func `a step is looked at for its time, and the next one may change nothing`() {
    var play = begun(.example())
    #expect(play.look(at: 5.s - 1, well) == [])
    let effects = play.look(at: 5.s, well)
    #expect(effects.count == 1)
    #expect(effects.scene?.phase == .brewing)
    #expect(effects.scene?.caption == "It stays.")
    #expect(play.look(at: 9.s - 1, ScenarioPlay.Sight(failures: 1, findings: ["M04"])) == [])
  }

  @Test func `it is broken once callers suffer and the findings are there`() {
    var play = begun(.example())
    _ = play.look(at: 5.s, well)
    _ = play.look(at: 9.s, well)
    #expect(play.look(at: 10.s, ScenarioPlay.Sight(failures: 0.49, findings: ["M04"])) == [])
    #expect(play.look(at: 11.s, ScenarioPlay.Sight(failures: 0.5, findings: ["M13"])) == [])
    #expect(play.look(at: 12.s, ScenarioPlay.Sight(failures: 0.5, findings: nil)) == [])
    #expect(play.look(at: 13.s, ScenarioPlay.Sight(failures: nil, findings: ["M04"])) == [])
    #expect(play.suffering(at: 13.s) == nil)
    let effects = play.look(at: 14.s, ScenarioPlay.Sight(failures: 0.5, findings: ["M04", "M13"]))
    #expect(effects.count == 1)
    #expect(effects.scene?.phase == .broken)
    #expect(effects.scene?.caption == "It is broken.")
    #expect(effects.scene?.keys == ["D"])
    #expect(play.suffering(at: 16.5.s) == 2.5)
  }

  @Test func `when callers do not suffer for long that is told, once, and it may still come`() {
    var play = begun(.example())
    _ = play.look(at: 5.s, well)
    _ = play.look(at: 9.s, well)
    #expect(play.look(at: 99.s - 1, well) == [])
    let scene = play.look(at: 99.s, well).scene
    #expect(scene?.phase == .brewing && scene?.keys == [])
    #expect(scene?.caption == "It did not break on this machine within 90 s, and still may.")
    #expect(play.look(at: 300.s, well) == [])
    let effects = play.look(at: 301.s, ScenarioPlay.Sight(failures: 1, findings: ["M04"]))
    #expect(effects.scene?.phase == .broken)
    #expect(play.look(at: 900.s, ScenarioPlay.Sight(failures: 1, findings: ["M04"])) == [], "nothing is waited for")
  }

  @Test func `when callers are never well that is told, and how to go on`() {
    var play = ScenarioPlay(.example(), number: 1, of: 15)
    let ill = ScenarioPlay.Sight(failures: 0.2)
    #expect(play.look(at: 0, ill) == [] && play.look(at: 90.s - 1, ill) == [])
    let scene = play.look(at: 90.s, ill).scene
    #expect(scene?.phase == .healthy)
    #expect(
      scene?.caption
        == "The callers of orders-db are not well within 90 s; this waits. L goes on to the next.")
  }

  @Test func `without a share of failures the findings alone decide`() {
    var scenario = Scenario.example()
    scenario.broken.condition.failures = nil
    scenario.healed.condition = .init(failures: nil, window: .seconds(3), findings: ["M04"])
    var play = begun(scenario)
    _ = play.look(at: 5.s, well)
    _ = play.look(at: 9.s, well)
    #expect(play.look(at: 10.s, ScenarioPlay.Sight(failures: nil, findings: ["M04"])).scene?.phase == .broken)
    #expect(play.look(at: 14.s, ScenarioPlay.Sight(failures: nil, findings: ["M04"])) == [])
    #expect(play.look(at: 15.s, ScenarioPlay.Sight(failures: nil, findings: [])).scene?.phase == .healed)
  }

  @Test func `it has healed once callers are well over a time after it broke`() {
    var play = broken(.example())
    #expect(play.look(at: 13.s - 1, ScenarioPlay.Sight(failures: 0, findings: [])) == [])
    #expect(play.look(at: 13.s, ScenarioPlay.Sight(failures: 0.03, findings: [])) == [])
    #expect(play.look(at: 14.s, ScenarioPlay.Sight(failures: nil, findings: [])) == [])
    #expect(play.look(at: 14.s, ScenarioPlay.Sight(failures: 0, findings: nil)) == [])
    #expect(!play.isHealed)
    let effects = play.look(at: 15.s, ScenarioPlay.Sight(failures: 0.02, findings: ["M13"]))
    #expect(effects.count == 1)
    #expect(effects.scene?.phase == .healed)
    #expect(effects.scene?.caption == "It has healed.")
    #expect(effects.scene?.keys == [])
    #expect(play.isHealed)
    #expect(play.suffering(at: 16.s) == nil)
  }

  @Test func `what has healed stays so`() {
    var play = broken(.example())
    _ = play.look(at: 15.s, ScenarioPlay.Sight(failures: 0, findings: []))
    #expect(play.look(at: 60.s, ScenarioPlay.Sight(failures: 1, findings: ["M04"])) == [])
    #expect(play.isHealed)
  }

  @Test func `failures are counted over the time that the scenario names`() {
    var play = broken(.example())
    let long = ScenarioPlay.Sight(findings: []) { $0 == .seconds(3) ? 0 : 1 }
    #expect(play.look(at: 15.s, long).scene?.phase == .healed)
  }
}

extension Scenario {
  /// Two steps of 2 s and 4 s; M04 and every other request failing show that it is broken.
  fileprivate static func example(preparation: [String] = [], calm: Duration = .zero) -> Scenario {
    Scenario(
      name: "example", title: "An example", dependency: "orders-db", clients: ["orders"], needsRouter: false,
      preparation: preparation, calm: calm,
      steps: [
        Step(caption: "It breaks.", faults: ["upstream orders-db errors=1"], duration: .seconds(2)),
        Step(caption: "It stays.", faults: [], duration: .seconds(4)),
      ],
      broken: Turn(
        caption: "It is broken.", condition: Condition(failures: 0.5, window: .seconds(1), findings: ["M04"])),
      repair: Repair(keys: ["D"], commands: ["drain orders-db"], pause: .zero),
      healed: Turn(caption: "It has healed.", condition: Condition(failures: 0.02, window: .seconds(3), findings: [])),
      healsByRestart: true, findings: ["M04"])
  }
}

extension ScenarioPlay.Sight {
  fileprivate init(failures: Double?, findings: Set<String>? = []) {
    self.init(findings: findings) { _ in failures }
  }
}

extension [ScenarioPlay.Effect] {
  /// What is told, if anything.
  fileprivate var scene: LabScene? {
    for case .tell(let scene) in self { return scene }
    return nil
  }
}

extension BinaryInteger {
  /// Seconds in the microseconds of the lab's clock.
  fileprivate var s: Int64 { Int64(self) * 1_000_000 }
}

extension Double {
  fileprivate var s: Int64 { Int64(self * 1_000_000) }
}
