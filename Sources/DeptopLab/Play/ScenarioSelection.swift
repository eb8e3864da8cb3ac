package import DeptopConfiguration

/// Which scenarios are played, and which cannot be.
package struct ScenarioSelection: Sendable {
  /// All that can be played here.
  package let library: [Scenario]
  /// Those that are to be played, by their place in the library, ascending.
  package let order: [Int]
  /// Those that were to be played and cannot be, and why.
  package let leftOut: [(scenario: String, reason: String)]

  /// - Parameters:
  ///   - scenarios: All that there are.
  ///   - names: Those that are wanted; all of them unless given.
  ///   - barrier: Why there is no router; nil where there is one.
  /// - Throws: ``GroundError`` for a name that no scenario has, or two have.
  package init(of scenarios: [Scenario], names: [String], barrier: String?) throws(GroundError) {
    if let unknown = names.first(where: { name in !scenarios.contains { $0.name == name } }) {
      throw .role(
        "no scenario is called \(unknown); there are \(scenarios.map(\.name).joined(separator: ", "))")
    }
    if let double = Dictionary(grouping: scenarios, by: \.name).first(where: { $0.value.count > 1 }) {
      throw .role("\(double.value.count) scenarios are called \(double.key)")
    }
    let wanted = Set(names.isEmpty ? scenarios.map(\.name) : names)
    library = scenarios.filter { barrier == nil || !$0.needsRouter }
    order = library.indices.filter { [library] in wanted.contains(library[$0].name) }
    leftOut = scenarios.filter { barrier != nil && $0.needsRouter && wanted.contains($0.name) }.map {
      ($0.name, "it takes a router between clients and upstreams: \(barrier ?? "")")
    }
  }
}
