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
  /// Ticks of the last 5 in which its condition must hold before the finding opens.
  ///
  /// 3 unless stated; 2 for a rule whose readings already are windows of seconds, a state that a client keeps, or
  /// repetitions that the kernel has made by itself.
  static var ticksNeeded: Int { get }

  init()
  func finding(for dependency: Dependency, at now: WallTime) -> Finding?
}

extension Rule {
  package static var ticksNeeded: Int { FindingLifecycle.ticksNeeded }
}

/// Every rule; a test compares this list with the files in `Rules/`.
package enum RuleRegistry {
  package static let all: [any Rule.Type] = [
    StaleConnections.self, ResetAfterIdle.self, CeremonialKeepalive.self, DNSDrift.self, RetryAmplification.self,
    PoolSaturation.self, SlowUpstream.self, MetastableOverload.self, DeadlineExhaustion.self, BreakerTrouble.self,
    PathMTUBlackHole.self, CloseWait.self,
    UnansweredConnects.self, HalfOpenPeers.self, ZeroWindow.self, BadAddress.self,
  ]
}
