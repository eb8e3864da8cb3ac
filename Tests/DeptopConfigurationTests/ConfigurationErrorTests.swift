import DeptopConfiguration
import Testing

@Suite struct ConfigurationErrorTests {
  /// A configuration and what is said about it, after `/etc/deptop.yaml:`.
  struct Case: Sendable, CustomTestStringConvertible {
    let text: String
    let error: String
    var testDescription: String { error }

    init(_ text: String, _ error: String) {
      self.text = text
      self.error = error
    }
  }

  @Test(arguments: [
    Case("tick_interval_second: 1", "1:1: tick_interval_second: unknown key; did you mean \"tick_interval_seconds\"?"),
    Case("tickInterval: 1", "1:1: tickInterval: unknown key; did you mean \"tick_interval_seconds\"?"),
    Case("sources:\n  pgbuoncer: []", "2:3: sources.pgbuoncer: unknown key; did you mean \"pgbouncer\"?"),
    Case("access: {owners: x}", "1:10: access.owners: unknown key; expected viewers or operators"),
    Case(
      "sources: {dns: {ttl: 1}}",
      """
      1:17: sources.dns.ttl: unknown key; expected resolvers, minimum_interval_seconds or timeout_seconds
      """),
    Case(
      "sources: {names: {reverse: no}}",
      "1:19: sources.names.reverse: unknown key; did you mean \"reverse_lookup\"?"),
    Case("? [a, b]\n: 1", "1:3: expected a word as the key, not a list"),
    Case(
      "a: &m {<<: {x: 1}}\naccess: {<<: *m}",
      """
      1:1: a: unknown key; expected tick_interval_seconds, state_directory, environment, access, policy, actions, ingest, \
      mappings, sources or dependencies
      /etc/deptop.yaml:1:8: access: "<<": a merged mapping cannot itself merge another
      """),
    Case("access: {<<: 1}", "1:14: access.<<: \"1\": expected a mapping to merge, or a list of them"),
  ])
  func `unknown and unusable keys are named`(sample: Case) {
    #expect(ConfigurationText(sample.text).error == "/etc/deptop.yaml:\(sample.error)")
  }

  @Test(arguments: [
    Case("- 1", "1:1: expected a mapping of keys to values, not a list"),
    Case("hello", "1:1: \"hello\": expected a mapping of keys to values"),
    Case("sources: [1]", "1:10: sources: expected a mapping of keys to values, not a list"),
    Case("dependencies: {a: 1}", "1:15: dependencies: expected a list, not a mapping"),
    Case("dependencies: [1]", "1:16: dependencies[0]: \"1\": expected a mapping of keys to values"),
    Case(
      "tick_interval_seconds: fast",
      """
      1:24: tick_interval_seconds: "fast": expected 0.1 to 60 seconds as a decimal number
      """),
    Case(
      "tick_interval_seconds: '1'",
      """
      1:24: tick_interval_seconds: "1": expected 0.1 to 60 seconds as a decimal number
      """),
    Case(
      "tick_interval_seconds: 1e3",
      """
      1:24: tick_interval_seconds: "1e3": expected 0.1 to 60 seconds as a decimal number
      """),
    Case(
      "tick_interval_seconds:",
      """
      1:23: tick_interval_seconds: expected 0.1 to 60 seconds as a decimal number, not nothing
      """),
    Case(
      "environment: {production: 'yes'}",
      """
      1:27: environment.production: "yes": expected true or false without quotes
      """),
    Case("environment: {production: 1}", "1:27: environment.production: \"1\": expected true or false"),
    Case(
      "environment: {label: no}",
      """
      1:22: environment.label: "no": expected text; put quotes around it if the word is meant
      """),
    Case("environment: {label: ''}", "1:22: environment.label: \"\": expected text, not an empty text"),
    Case("environment: {label: [PROD]}", "1:22: environment.label: expected text, not a list"),
    Case(
      "environment: {label: \"a\\u202Eb\\e[1m\"}",
      """
      1:22: environment.label: "a\\u{202e}b\\u{1b}[1m": expected text without control or formatting characters
      """),
    Case(
      "environment: {label: !secret x}",
      """
      1:22: environment.label: "x": the tag !secret is not supported
      """),
    Case("state_directory: here", "1:18: state_directory: \"here\": expected an absolute path"),
    Case(
      "access: {viewers: all}",
      """
      1:19: access.viewers: "all": expected everyone, or a mapping of users and groups
      """),
    Case(
      "access:\n  operators:",
      """
      2:13: access.operators: expected everyone, or a mapping of users and groups, not nothing
      """),
    Case("access: {operators: {users: root}}", "1:29: access.operators.users: \"root\": expected a list"),
    Case(
      "access: {operators: {users: [{}]}}",
      """
      1:30: access.operators.users[0]: expected a name or a number, not a mapping
      """),
  ])
  func `a value of the wrong type is named with what was expected`(sample: Case) {
    #expect(ConfigurationText(sample.text).error == "/etc/deptop.yaml:\(sample.error)")
  }

  @Test(arguments: [
    Case("tick_interval_seconds: 0.05", "1:24: tick_interval_seconds: \"0.05\": expected 0.1 to 60 seconds"),
    Case("tick_interval_seconds: -1", "1:24: tick_interval_seconds: \"-1\": expected 0.1 to 60 seconds"),
    Case(
      "sources: {probe: {interval_seconds: 3601}}",
      """
      1:37: sources.probe.interval_seconds: "3601": expected 1 to 3600 seconds
      """),
    Case(
      "sources: {names: {interval_seconds: 0.5}}",
      """
      1:37: sources.names.interval_seconds: "0.5": expected 1 to 3600 seconds
      """),
    Case(
      "sources: {pgbouncer: [{name: a, port: 0}]}",
      """
      1:39: sources.pgbouncer[0].port: "0": expected a port from 1 to 65535
      """),
    Case(
      "sources: {pgbouncer: [{name: a, port: 65536}]}",
      """
      1:39: sources.pgbouncer[0].port: "65536": expected a port from 1 to 65535
      """),
    Case(
      "environment: {label: abcdefghijabcdefghijabcdefghijabc}",
      """
      1:22: environment.label: "abcdefghijabcdefghijabcdefghijabc": expected text of at most 32 characters
      """),
    Case(
      "sources: {dns: {resolvers: [\(Array(repeating: "'::1'", count: 17).joined(separator: ","))]}}",
      """
      1:28: sources.dns.resolvers: expected a list of at most 16 entries, not 17
      """),
  ])
  func `a value out of range is named with the range`(sample: Case) {
    #expect(ConfigurationText(sample.text).error == "/etc/deptop.yaml:\(sample.error)")
  }

  @Test(arguments: [
    Case(
      "dependencies: [{name: a, endpoint: 'a:1'},\n {name: a, endpoint: 'b:1'}]",
      """
      2:9: dependencies[1].name: "a": the name is already used in line 1
      """),
    Case(
      "sources: {pgbouncer: [{name: a},\n {name: a}]}",
      """
      2:9: sources.pgbouncer[1].name: "a": the name is already used in line 1
      """),
    Case(
      "sources: {dns: {resolvers: [10.0.0.2, '10.0.0.2:53']}}",
      """
      1:39: sources.dns.resolvers[1]: "10.0.0.2:53": the resolver is already used in line 1
      """),
    Case("dependencies: [{endpoint: 'a:1'}]", "1:16: dependencies[0].name: is missing"),
    Case("dependencies: [{name: a}]", "1:16: dependencies[0].endpoint: is missing"),
    Case(
      "dependencies: [{name: a b, endpoint: 'a:1'}]",
      """
      1:23: dependencies[0].name: "a b": expected 1 to 64 letters, digits, '.', '_' or '-'
      """),
    Case(
      "sources: {pgbouncer: [{name: main}]}\ndependencies: [{name: a, endpoint: 'a:1', pgbouncer: {instance: mian, database: d}}]",
      """
      2:65: dependencies[0].pgbouncer.instance: "mian": no entry of sources.pgbouncer has this name; \
      did you mean "main"?
      """),
    Case(
      "dependencies: [{name: a, endpoint: 'a:1', pgbouncer: {instance: main, database: d}}]",
      """
      1:65: dependencies[0].pgbouncer.instance: "main": no entry of sources.pgbouncer has this name
      """),
    Case(
      "sources: {dns: {resolvers: [dns.example]}}",
      """
      1:29: sources.dns.resolvers[0]: "dns.example": expected an address or address:port, with an IPv6 address \
      before a port in brackets
      """),
    Case(
      "sources: {pgbouncer: [{name: a, host: 'a b'}]}",
      """
      1:39: sources.pgbouncer[0].host: "a b": expected a host name, an address or the absolute path of a socket \
      directory
      """),
  ])
  func `names, references and addresses are checked`(sample: Case) {
    #expect(ConfigurationText(sample.text).error == "/etc/deptop.yaml:\(sample.error)")
  }

  @Test(arguments: [
    "foo", "foo:", ":1", "foo:0", "foo:65536", "foo:+1", "::1:5432", "[::1]", "[foo]:1", "10.0.0.300:1", "a b:1",
    "a..b:1", "-a:1", "[10.0.0.1]:1",
  ])
  func `a bad endpoint is named`(endpoint: String) {
    let error = ConfigurationText("dependencies: [{name: a, endpoint: '\(endpoint)'}]").error
    #expect(
      error == """
        /etc/deptop.yaml:1:36: dependencies[0].endpoint: "\(endpoint)": expected host:port, with an IPv6 address in \
        brackets
        """)
  }

  @Test func `credentials in a URL are not repeated`() {
    let error = ConfigurationText("dependencies: [{name: a, endpoint: 'postgres://me:s3cret@db:5432/x'}]").error
    #expect(error.contains("\"postgres://…@db:5432/x\""))
    #expect(!error.contains("s3cret"))
  }
}
