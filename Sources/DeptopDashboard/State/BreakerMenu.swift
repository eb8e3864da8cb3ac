package import DeptopModel

/// The list of states that a dependency's breakers can be put into.
package struct BreakerMenu: Sendable, Hashable {
  /// The dependency that was selected when the menu opened: it stays the target, whatever rows do meanwhile.
  package var dependency: DependencyID
  /// In the order of the offer; never empty.
  package var states: [BreakerState]
  /// The highlighted one.
  package var index = 0

  package init?(dependency: DependencyID, states: [BreakerState]) {
    guard !states.isEmpty else { return nil }
    self.dependency = dependency
    self.states = states
  }

  var chosen: BreakerState { states[index.clamped(to: 0...states.count - 1)] }

  /// The highlight one or more places further; it stops at the ends.
  mutating func move(by step: Int) { index = (index + step).clamped(to: 0...states.count - 1) }
}
