internal import ArgumentParser
internal import DeptopConfiguration
internal import DeptopLab

/// Lists what can be played.
struct ScenariosCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "scenarios", abstract: "List the scenarios in the order of the story.")

  func run() throws {
    let scenarios = try ScenarioLibrary.all()
    let width = scenarios.map(\.name.count).max() ?? 0
    for scenario in scenarios {
      let name = scenario.name + String(repeating: " ", count: width - scenario.name.count)
      print("\(name)  \(scenario.title)\(scenario.needsRouter ? " (takes the router)" : "")")
    }
  }
}
