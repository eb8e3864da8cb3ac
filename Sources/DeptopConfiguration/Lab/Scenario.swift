/// An outage that the lab plays: what is broken, what shows it, and what heals it.
package struct Scenario: Sendable, Hashable {
  /// Such as `dns-failover`.
  package var name: String
  package var title: String
  /// The dependency that it is about, as deptop names it.
  package var dependency: String
  /// The services whose callers suffer; their requests to the dependency decide on the phases.
  package var clients: [String]
  /// True when it takes the router between clients and upstreams.
  package var needsRouter: Bool
  /// What the services and upstreams are like before anything breaks, in the words of `deptop lab fault`.
  package var preparation: [String]
  /// Seconds of health that it takes at least, such as those from which a rule learns what is usual.
  package var calm: Duration
  package var steps: [Step]
  /// The caption once it is broken, and what shows that it is.
  package var broken: Turn
  package var repair: Repair
  package var healed: Turn
  /// True when a restart of the clients heals it too.
  package var healsByRestart: Bool
  /// Rules whose findings it opens, such as `M01`.
  package var findings: [String]

  /// One change, and how long it is looked at.
  package struct Step: Sendable, Hashable {
    package var caption: String
    /// In the words of `deptop lab fault`.
    package var faults: [String]
    package var duration: Duration
  }

  /// A change of phase.
  package struct Turn: Sendable, Hashable {
    package var caption: String
    package var condition: Condition
  }

  /// What has to hold of the requests that ended lately, by the lab's own ledger, and of deptop's findings.
  package struct Condition: Sendable, Hashable {
    /// The share of failures, 0…1: at least that much when broken, at most when healed; nil means whatever.
    package var failures: Double?
    /// The time over which they are counted.
    package var window: Duration
    /// Rules with an open finding on the dependency when broken, and with none when healed.
    package var findings: [String]
  }

  /// What heals it.
  package struct Repair: Sendable, Hashable {
    /// The keys that an operator presses, in order.
    package var keys: [String]
    /// The same as words after `deptop`, one line for each key.
    package var commands: [String]
    /// How long to wait at least between two of them, beyond what the screen tells.
    package var pause: Duration
  }
}
