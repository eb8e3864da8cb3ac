/// What is done about an outage.
enum Healing: Sendable, Hashable {
  /// The scenario's own repair, by deptop.
  case deptop
  /// All of the scenario's clients at the same time, with such a start-up in seconds.
  case restart(startUp: Double)
  case nothing
}
