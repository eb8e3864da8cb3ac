package import DeptopModel

/// One mechanism that makes a backend heal after a restart.
///
/// A rule is a pure function of one dependency as it is read now; what it needs of the past is in the readings.
/// It answers a finding while its condition holds, guards included, and nothing else. Hysteresis belongs to
/// ``FindingLifecycle``.
package protocol Rule: Sendable {
  /// The number of its mechanism.
  static var id: RuleID { get }
  /// The mechanism's name, as `deptop explain` lists it.
  static var title: String { get }
  /// What it looks for, what keeps it silent, what would prove it wrong, and the remedy.
  static var explanation: String { get }

  init()
  func finding(for dependency: Dependency, at now: WallTime) -> Finding?
}

/// Every rule; a test compares this list with the files in `Rules/`.
package enum RuleRegistry {
  package static let all: [any Rule.Type] = [DNSDrift.self]
}
