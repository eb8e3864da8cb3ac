internal import DeptopConfiguration
internal import DeptopModel
internal import DeptopWire

/// What the configuration allows whom: evaluated for each request, when a plan is made and when it is carried out.
struct ActionPolicy: Sendable {
  /// One rule of the configuration, by number.
  struct Rule: Sendable {
    var settings: PolicyRule
    var holders: Rights.Holders
    /// Where it stands, `policy.rules[0]`.
    var place: String
  }

  var isReasonRequired = false
  var forbidden: Set<ActionVerb> = []
  var rules: [Rule] = []
  /// Disturbing actions on this host within an hour.
  var perHour = ActionSettings.defaultPerHour

  static let none = ActionPolicy()

  /// What every dashboard has to know of it.
  var summary: OperatingPolicy {
    OperatingPolicy(isReasonRequired: isReasonRequired, forbiddenVerbs: ActionVerb.allCases.filter(forbidden.contains))
  }

  /// Why nobody may use a verb here; nil when it is not forbidden.
  func reasonAgainst(_ verb: ActionVerb) -> String? {
    forbidden.contains(verb) ? "\(verb.rawValue) is forbidden on this host (policy.forbidden)" : nil
  }

  /// Refuses what no rule gives this peer; the user that the collector runs as may do whatever the collector may.
  func require(_ verb: ActionVerb, on dependency: DependencyID, of peer: Peer, owner: UInt32) throws(Refusal) {
    if let reason = reasonAgainst(verb) { throw Refusal(.forbidden, reason) }
    guard peer.uid != owner else { return }
    let about = rules.filter { $0.settings.isAbout(verb, dependency) }
    guard !about.isEmpty, !about.contains(where: { $0.holders.contains(peer) }) else { return }
    let places = about.map(\.place).joined(separator: ", ")
    throw Refusal(
      .forbidden, "\(peer.label) may not \(verb.rawValue) \(dependency): \(places) gives that to others only")
  }

  /// Refuses an action without a reason where one is needed.
  func requireReason(_ reason: String?) throws(Refusal) {
    guard isReasonRequired, reason?.contains(where: { !$0.isWhitespace }) != true else { return }
    throw Refusal(.refused, "a reason is required on this host (policy.reason_required): say why")
  }
}

extension ActionPolicy {
  /// The policy of the settings, with users and groups as numbers.
  init(_ settings: Settings, _ accounts: Accounts) {
    isReasonRequired = settings.policy.isReasonRequired ?? settings.environment.isProduction
    forbidden = Set(settings.policy.forbidden)
    perHour = settings.actions.perHour
    rules = settings.policy.rules.enumerated().map { index, rule in
      Rule(
        settings: rule, holders: accounts.resolve(.named(users: rule.users, groups: rule.groups)),
        place: "policy.rules[\(index)]")
    }
  }
}
