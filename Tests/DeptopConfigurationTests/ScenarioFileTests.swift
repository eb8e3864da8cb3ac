import Testing

@testable import DeptopConfiguration

@Suite struct ScenarioFileTests {
  private static let smallest = """
    scenario: a
    title: An outage
    dependency: orders-db
    clients: [orders]
    steps: []
    broken: {caption: It broke.}
    repair: {keys: [D], commands: [drain orders-db]}
    healed: {caption: It healed.}
    """

  private func parse(_ text: String) throws(ConfigurationError) -> Scenario {
    try ScenarioFile.parse(Array(text.utf8), path: "a.yaml")
  }

  /// The description of the error that reading ends in; empty when there is none.
  private func error(_ text: String) -> String {
    do throws(ConfigurationError) {
      _ = try parse(text)
      return ""
    } catch {
      return error.description
    }
  }

  @Test func `every key is read`() throws {
    let scenario = try parse(
      """
      scenario: dns-failover
      title: DNS failover
      router: yes
      dependency: orders-db
      clients: [orders, web-2]
      findings: [M04, M13]
      heals_by_restart: true
      calm_seconds: 20
      prepare: [client orders orders-db pool.max=4, upstream orders-db workers=2]
      steps:
        - {caption: "It moves.", faults: [name orders-db .12], seconds: 2.5}
        - {caption: "It stays."}
      broken: {caption: "It broke.", failures: 0.5, over_seconds: 2, findings: [M04]}
      repair: {keys: [B, B], commands: [breaker orders-db forced-open, breaker orders-db closed], pause_seconds: 9}
      healed: {caption: "It healed.", failures: 0, over_seconds: 4, findings: [M13]}
      """)
    #expect(
      scenario
        == Scenario(
          name: "dns-failover", title: "DNS failover", dependency: "orders-db", clients: ["orders", "web-2"],
          needsRouter: true, preparation: ["client orders orders-db pool.max=4", "upstream orders-db workers=2"],
          calm: .seconds(20),
          steps: [
            .init(caption: "It moves.", faults: ["name orders-db .12"], duration: .seconds(2.5)),
            .init(caption: "It stays.", faults: [], duration: .zero),
          ],
          broken: .init(
            caption: "It broke.", condition: .init(failures: 0.5, window: .seconds(2), findings: ["M04"])),
          repair: .init(
            keys: ["B", "B"], commands: ["breaker orders-db forced-open", "breaker orders-db closed"],
            pause: .seconds(9)),
          healed: .init(
            caption: "It healed.", condition: .init(failures: 0, window: .seconds(4), findings: ["M13"])),
          healsByRestart: true, findings: ["M04", "M13"]))
  }

  @Test func `what is not said is the least`() throws {
    let scenario = try parse(Self.smallest)
    let condition = Scenario.Condition(failures: nil, window: .seconds(3), findings: [])
    #expect(
      scenario
        == Scenario(
          name: "a", title: "An outage", dependency: "orders-db", clients: ["orders"], needsRouter: false,
          preparation: [], calm: .zero, steps: [], broken: .init(caption: "It broke.", condition: condition),
          repair: .init(keys: ["D"], commands: ["drain orders-db"], pause: .zero),
          healed: .init(caption: "It healed.", condition: condition), healsByRestart: false, findings: []))
  }

  @Test func `one word stands for a list of one`() throws {
    let text = Self.smallest.replacing("[orders]", with: "orders").replacing("[D]", with: "D")
    #expect(try parse(text) == parse(Self.smallest))
  }

  @Test(arguments: ["scenario", "title", "dependency", "clients", "steps", "broken", "repair", "healed"])
  func `what has to be there is missed`(key: String) {
    let lines = Self.smallest.split(separator: "\n").filter { !$0.hasPrefix("\(key):") }
    #expect(error(lines.joined(separator: "\n")) == "a.yaml:1:1: \(key): is missing")
  }

  @Test(arguments: [
    ("broken: {caption: It broke.}", "broken: {failures: 0.5}", "6:9: broken.caption: is missing"),
    ("keys: [D], ", "", "7:9: repair.keys: is missing"),
    (", commands: [drain orders-db]", "", "7:9: repair.commands: is missing"),
    ("steps: []", "steps: [{seconds: 1}]", "5:9: steps[0].caption: is missing"),
  ])
  func `what has to be there is missed further down`(text: String, wrong: String, problem: String) {
    #expect(error(Self.smallest.replacing(text, with: wrong)) == "a.yaml:\(problem)")
  }

  @Test(arguments: [
    ("rooter: true", "9:1: rooter: unknown key; did you mean \"router\"?"),
    ("router: maybe", "9:9: router: \"maybe\": expected true or false"),
    ("router: 'true'", "9:9: router: \"true\": expected true or false without quotes"),
    ("heals_by_restart: 1", "9:19: heals_by_restart: \"1\": expected true or false"),
    ("calm_seconds: soon", "9:15: calm_seconds: \"soon\": expected 0 to 600 seconds as a decimal number"),
    ("calm_seconds: 601", "9:15: calm_seconds: \"601\": expected 0 to 600 seconds"),
    ("calm_seconds: -1", "9:15: calm_seconds: \"-1\": expected 0 to 600 seconds"),
    ("findings: []", "9:11: findings: expected at least one word"),
    ("findings: {a: 1}", "9:11: findings: expected text, not a mapping"),
    ("prepare: 3", "9:10: prepare: \"3\": expected a list"),
    ("prepare: [[a]]", "9:11: prepare[0]: expected text, not a list"),
    ("title: Another", "9:1: title: the key is given more than once, first in line 2"),
  ])
  func `a mistake in a further key is told with place and value`(line: String, problem: String) {
    #expect(error(Self.smallest + "\n" + line) == "a.yaml:\(problem)")
  }

  @Test(arguments: [
    ("scenario: a", "scenario: a b", "1:11: scenario: \"a b\": expected 1 to 64 letters, digits, '.', '_' or '-'"),
    (
      "dependency: orders-db", "dependency: ''",
      "3:13: dependency: \"\": expected 1 to 64 letters, digits, '.', '_' or '-', not an empty text"
    ),
    ("clients: [orders]", "clients: []", "4:10: clients: expected at least one word"),
    ("steps: []", "steps: none", "5:8: steps: \"none\": expected a list"),
    ("steps: []", "steps: [{caption: a, seconds: 700}]", "5:31: steps[0].seconds: \"700\": expected 0 to 600 seconds"),
    ("steps: []", "steps: [{caption: a, faults: b}]", "5:30: steps[0].faults: \"b\": expected a list"),
    ("steps: []", "steps: [{caption: a, fault: b}]", "5:22: steps[0].fault: unknown key; did you mean \"faults\"?"),
    (
      "{caption: It broke.}", "{caption: It broke., failures: 1.1}",
      "6:40: broken.failures: \"1.1\": expected a share from 0 to 1"
    ),
    (
      "{caption: It broke.}", "{caption: It broke., failures: half}",
      "6:40: broken.failures: \"half\": expected a share from 0 to 1"
    ),
    (
      "{caption: It broke.}", "{caption: It broke., failures: nan}",
      "6:40: broken.failures: \"nan\": expected a share from 0 to 1"
    ),
    (
      "{caption: It broke.}", "{caption: It broke., over_seconds: no}",
      "6:44: broken.over_seconds: \"no\": expected 0 to 600 seconds as a decimal number"
    ),
    ("{caption: It healed.}", "It healed.", "8:9: healed: \"It healed.\": expected a mapping of keys to values"),
    (
      "commands: [drain orders-db]", "commands: [drain orders-db], pause_seconds: 601",
      "7:65: repair.pause_seconds: \"601\": expected 0 to 600 seconds"
    ),
    (
      "commands: [drain orders-db]", "commands: drain orders-db",
      "7:31: repair.commands: \"drain orders-db\": expected a list"
    ),
  ])
  func `a mistake is told with place and value`(text: String, wrong: String, problem: String) {
    #expect(error(Self.smallest.replacing(text, with: wrong)) == "a.yaml:\(problem)")
  }

  @Test func `a title and a caption have an end`() throws {
    let title = String(repeating: "t", count: 64), caption = String(repeating: "c", count: 240)
    func text(_ title: String, _ caption: String) -> String {
      Self.smallest.replacing("An outage", with: title).replacing("It broke.", with: caption)
    }
    #expect(throws: Never.self) { try parse(text(title, caption)) }
    #expect(error(text(title + "t", caption)).hasSuffix("expected text of at most 64 characters"))
    #expect(error(text(title, caption + "c")).hasSuffix("expected text of at most 240 characters"))
  }

  @Test func `steps and faults have an end`() throws {
    func steps(_ count: Int, faults: Int) -> String {
      let fault = Array(repeating: "name-server fails", count: faults).joined(separator: ", ")
      let step = Array(repeating: "{caption: a, faults: [\(fault)]}", count: count).joined(separator: ", ")
      return Self.smallest.replacing("steps: []", with: "steps: [\(step)]")
    }
    #expect(try parse(steps(64, faults: 1)).steps.count == 64)
    #expect(try parse(steps(1, faults: 64)).steps.first?.faults.count == 64)
    #expect(error(steps(65, faults: 1)) == "a.yaml:5:8: steps: expected a list of at most 64 entries, not 65")
    let tooMany = "a.yaml:5:30: steps[0].faults: expected a list of at most 64 entries, not 65"
    #expect(error(steps(1, faults: 65)) == tooMany)
  }

  @Test func `every mistake is told, not only the first`() {
    let text = Self.smallest.replacing("steps: []", with: "steps: 1").replacing("[orders]", with: "[]")
    #expect(
      error(text)
        == "a.yaml:4:10: clients: expected at least one word\na.yaml:5:8: steps: \"1\": expected a list")
  }

  @Test(arguments: [
    ("", "a.yaml: holds no scenario"), ("[]", "a.yaml:1:1: expected a mapping"),
    ("scenario: [", "a.yaml:2:1: is not valid YAML: "), ("a\u{0}b", "a.yaml:"),
  ])
  func `what is no scenario is refused`(text: String, start: String) {
    #expect(error(text).hasPrefix(start), "\(error(text))")
  }

  @Test func `bytes that are no text are refused`() {
    #expect(throws: ConfigurationError.self) { try ScenarioFile.parse([0x61, 0xff], path: "a.yaml") }
  }

  @Test func `a control character in a caption is refused`() {
    let text = Self.smallest.replacing("It broke.", with: #""It \e[31mbroke.""#)
    #expect(error(text).hasSuffix("expected text without control or formatting characters"), "\(error(text))")
  }

  @Test func `a file is read as it is named`() throws {
    let access = FileAccess { (path, _) throws(FileFailure) in
      guard path == "/a.yaml" else { throw .system(2) }
      return FileContents(bytes: Array(Self.smallest.utf8), mode: 0o644)
    }
    #expect(try ScenarioFile.read(path: "/a.yaml", access: access).name == "a")
    do throws(ConfigurationError) {
      _ = try ScenarioFile.read(path: "/b.yaml", access: access)
      Issue.record("it was read")
    } catch {
      #expect(error.description.hasPrefix("/b.yaml: "), "\(error)")
    }
  }
}
