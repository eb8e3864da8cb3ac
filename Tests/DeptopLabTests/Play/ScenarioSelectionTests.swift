import DeptopLab
import Testing

@testable import DeptopConfiguration

@Suite struct ScenarioSelectionTests {
  private let scenarios = [named("a"), named("b", needsRouter: true), named("c"), named("d", needsRouter: true)]

  private func selection(_ names: [String], barrier: String? = nil) throws(GroundError) -> ScenarioSelection {
    try ScenarioSelection(of: scenarios, names: names, barrier: barrier)
  }

  @Test func `everything is played unless something is named`() throws {
    let selection = try selection([])
    #expect(selection.library.map(\.name) == ["a", "b", "c", "d"])
    #expect(selection.order == [0, 1, 2, 3])
    #expect(selection.leftOut.isEmpty)
  }

  @Test func `what is named is played once, in the order of the story, and the rest can be chosen later`() throws {
    let selection = try selection(["d", "a", "d"])
    #expect(selection.library.map(\.name) == ["a", "b", "c", "d"])
    #expect(selection.order == [0, 3])
    #expect(selection.leftOut.isEmpty)
  }

  @Test func `without a router it is said what that leaves out`() throws {
    let selection = try selection([], barrier: "user namespaces are switched off")
    #expect(selection.library.map(\.name) == ["a", "c"])
    #expect(selection.order == [0, 1])
    #expect(selection.leftOut.map(\.scenario) == ["b", "d"])
    let reason = "it takes a router between clients and upstreams: user namespaces are switched off"
    #expect(selection.leftOut.map(\.reason) == [reason, reason])
  }

  @Test func `only what was wanted is left out`() throws {
    let selection = try selection(["b", "c"], barrier: "no")
    #expect(selection.library.map(\.name) == ["a", "c"])
    #expect(selection.order == [1])
    #expect(selection.leftOut.map(\.scenario) == ["b"])
  }

  @Test func `nothing may be left to play`() throws {
    let selection = try selection(["d"], barrier: "no")
    #expect(selection.order == [])
    #expect(selection.leftOut.map(\.scenario) == ["d"])
  }

  @Test func `a name that no scenario has is refused with those that there are`() {
    #expect(throws: GroundError.role("no scenario is called x; there are a, b, c, d")) { try selection(["a", "x"]) }
  }

  @Test func `two scenarios of one name are refused`() {
    #expect(throws: GroundError.role("2 scenarios are called a")) {
      try ScenarioSelection(of: scenarios + [named("a")], names: [], barrier: nil)
    }
  }
}

private func named(_ name: String, needsRouter: Bool = false) -> Scenario {
  let turn = Scenario.Turn(caption: "It is so.", condition: .init(failures: nil, window: .seconds(3), findings: []))
  return Scenario(
    name: name, title: name, dependency: "orders-db", clients: ["orders"], needsRouter: needsRouter, preparation: [],
    calm: .zero, steps: [], broken: turn, repair: .init(keys: ["D"], commands: ["drain orders-db"], pause: .zero),
    healed: turn,
    healsByRestart: false, findings: [])
}
