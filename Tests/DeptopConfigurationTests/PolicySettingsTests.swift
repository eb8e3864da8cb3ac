import DeptopConfiguration
import DeptopModel
import Testing

@Suite struct PolicySettingsTests {
  @Test func `a policy is read in full`() throws {
    let settings = try ConfigurationText.example.load()
    #expect(settings.policy.isReasonRequired == false && settings.policy.forbidden == [.breaker])
    let rule = try #require(settings.policy.rules.first)
    #expect(rule.verbs == [.drain, .resolve] && rule.dependencies == ["orders-db", "billing-*"])
    #expect(rule.users == ["alice"] && rule.groups == ["dba", "50"])
    #expect(settings.policy.rules.count == 2 && settings.policy.rules[1].verbs.isEmpty)
    #expect(settings.actions.perHour == 3)
  }

  @Test(arguments: ["", "policy:", "policy: {}", "policy: {rules: , forbidden: }\nactions:"])
  func `what is left out has its default`(text: String) throws {
    let settings = try ConfigurationText(text).load()
    #expect(settings.policy == PolicySettings() && settings.actions == ActionSettings())
    #expect(settings.policy.isReasonRequired == nil && settings.actions.perHour == 12)
  }

  @Test(arguments: [
    ("policy: [1]", "1:9: policy: expected a mapping of keys to values, not a list"),
    (
      "policy: {reasons: yes}",
      "1:10: policy.reasons: unknown key; expected reason_required, forbidden or rules"
    ),
    ("policy: {forbiden: []}", "1:10: policy.forbiden: unknown key; did you mean \"forbidden\"?"),
    ("policy: {reason_required: maybe}", "1:27: policy.reason_required: \"maybe\": expected true or false"),
    ("policy: {forbidden: drain}", "1:21: policy.forbidden: \"drain\": expected a list"),
    (
      "policy: {forbidden: [restart]}",
      "1:22: policy.forbidden[0]: \"restart\": expected drain, resolve, breaker or repair"
    ),
    (
      "policy:\n  forbidden:\n    - drain\n    - [resolve]",
      "4:7: policy.forbidden[1]: expected drain, resolve, breaker or repair, not a list"
    ),
    ("policy: {rules: {users: [root]}}", "1:17: policy.rules: expected a list, not a mapping"),
    (
      "policy: {rules: [{verb: [drain]}]}",
      "1:19: policy.rules[0].verb: unknown key; did you mean \"verbs\"?"
    ),
    (
      "policy: {rules: [{verbs: [drains]}]}",
      "1:27: policy.rules[0].verbs[0]: \"drains\": expected drain, resolve, breaker or repair"
    ),
    (
      "policy: {rules: [{dependencies: ['*-db']}]}",
      "1:34: policy.rules[0].dependencies[0]: \"*-db\": expected a dependency's name, or its beginning and *"
    ),
    (
      "policy: {rules: [{dependencies: [1, [2]]}]}",
      "1:37: policy.rules[0].dependencies[1]: expected a dependency's name, or its beginning and *, not a list"
    ),
    (
      "policy: {rules: [{users: root}]}",
      "1:26: policy.rules[0].users: \"root\": expected a list"
    ),
    (
      "policy: {rules: [{groups: [yes]}]}",
      "1:28: policy.rules[0].groups[0]: \"yes\": expected a name or a number; put quotes around it if the word is meant"
    ),
    ("actions: 3", "1:10: actions: \"3\": expected a mapping of keys to values"),
    ("actions: {per_minute: 3}", "1:11: actions.per_minute: unknown key; expected per_hour"),
    ("actions: {per_hour: 0}", "1:21: actions.per_hour: \"0\": expected 1 to 10000 actions"),
    ("actions: {per_hour: many}", "1:21: actions.per_hour: \"many\": expected 1 to 10000 actions as a whole number"),
    ("actions: {per_hour: '3'}", "1:21: actions.per_hour: \"3\": expected 1 to 10000 actions as a whole number"),
  ])
  func `every mistake is named with its place and value`(text: String, error: String) {
    #expect(ConfigurationText(text).error == "/etc/deptop.yaml:\(error)")
  }

  @Test(arguments: [
    (["drain"], ["orders-db"], ActionVerb.drain, DependencyID(rawValue: "orders-db"), true),
    (["drain"], ["orders-db"], .resolve, "orders-db", false), (["drain"], ["orders-db"], .drain, "orders-db2", false),
    ([], ["orders*"], .breaker, "orders-db", true), ([], ["orders*"], .breaker, "orders", true),
    ([], ["orders*"], .breaker, "web", false), ([], [], .repair, "anything", true),
    ([], ["*"], .repair, "anything", true),
  ])
  func `a rule is about what it names`(
    verbs: [String], dependencies: [String], verb: ActionVerb, dependency: DependencyID, isAbout: Bool
  ) {
    var rule = PolicyRule()
    rule.verbs = verbs.compactMap(ActionVerb.init)
    rule.dependencies = dependencies
    #expect(rule.isAbout(verb, dependency) == isAbout)
  }
}
