import DeptopConfiguration
import DeptopDiagnosis
import DeptopLab
import DeptopModel
import DeptopTestSupport
import Testing

@Suite struct ScenarioLibraryTests {
  private static let fleet = Fleet(addressPrefix: "10.90.0.", nameServerPort: 53, directory: "/lab")
  /// What ships, and nothing when that cannot be read: a test of its own says why.
  private static let scenarios = (try? ScenarioLibrary.all()) ?? []

  @Test func `every scenario that ships can be read, and has a name of its own`() throws {
    let names = try ScenarioLibrary.all().map(\.name)
    #expect(names.count >= 15)
    #expect(Set(names).count == names.count)
  }

  @Test(arguments: scenarios) func `its callers call its dependency`(_ scenario: Scenario) {
    for name in scenario.clients {
      let client = Self.fleet.clients.first { $0.name == name }
      #expect(client?.dependencies.contains { $0.dependency == scenario.dependency } == true, "\(name)")
    }
  }

  @Test(arguments: scenarios) func `its lines are words of the fault language`(_ scenario: Scenario) throws {
    let words = FaultWords(addressPrefix: "10.90.0.", calls: Self.fleet.clients, upstreams: Self.fleet.upstreams)
    for line in scenario.preparation + scenario.steps.flatMap(\.faults) {
      #expect(throws: Never.self, "\(line)") { try words.faults(line.split(separator: " ").map(String.init)) }
    }
  }

  @Test(arguments: scenarios) func `what touches the router says that it needs one`(_ scenario: Scenario) {
    let lines = scenario.preparation + scenario.steps.flatMap(\.faults)
    #expect(scenario.needsRouter == lines.contains { $0.hasPrefix("router ") })
  }

  @Test(arguments: scenarios) func `its rules exist`(_ scenario: Scenario) {
    let rules = Set(RuleRegistry.all.map { $0.id.rawValue })
    let named = scenario.findings + scenario.broken.condition.findings + scenario.healed.condition.findings
    #expect(Set(named).isSubset(of: rules))
    #expect(Set(scenario.broken.condition.findings).isSubset(of: scenario.findings))
  }

  @Test(arguments: scenarios) func `its captions fit into two lines of 80 columns`(_ scenario: Scenario) {
    let captions = scenario.steps.map(\.caption) + [scenario.broken.caption, scenario.healed.caption]
    for caption in captions { #expect(lines(of: caption, columns: 78) <= 2, "\(caption)") }
  }

  @Test(arguments: scenarios) func `each key that repairs it has its command`(_ scenario: Scenario) {
    let verbs = ["D": "drain", "R": "resolve", "B": "breaker", "K": "repair"]
    #expect(!scenario.repair.keys.isEmpty)
    #expect(scenario.repair.keys.count == scenario.repair.commands.count)
    for (key, command) in zip(scenario.repair.keys, scenario.repair.commands) {
      #expect(command.split(separator: " ").prefix(2).map(String.init) == [verbs[key], scenario.dependency])
    }
  }

  @Test(arguments: scenarios) func `whether it is broken and whether it has healed exclude each other`(
    _ scenario: Scenario
  ) {
    let (broken, healed) = (scenario.broken.condition, scenario.healed.condition)
    let byFindings = !Set(broken.findings).isDisjoint(with: healed.findings)
    let byFailures = zip([broken.failures].compactMap { $0 }, [healed.failures].compactMap { $0 }).contains { $0 > $1 }
    #expect(byFindings || byFailures)
  }

  @Test func `a file is played beside what ships`() throws {
    let place = try TemporaryDirectory()
    let path = try place.write(ScenarioText.own, to: "own.yaml")
    let (scenarios, meant) = try ScenarioLibrary.all(and: ["dns-failover", path])
    #expect(meant == ["dns-failover", "own"])
    #expect(scenarios.map(\.name) == Self.scenarios.map(\.name) + ["own"])
  }

  @Test(arguments: [
    ("scenario: own", "scenario: own story", "1:11: scenario: \"own story\": expected 1 to 64 letters, digits, "),
    ("failures: 0.5", "failures: 1.5", "9:13: broken.failures: \"1.5\": expected a share from 0 to 1"),
    ("repair:", "repairs:", "10:1: repairs: unknown key; did you mean \"repair\"?"),
  ])
  func `a file that is wrong is told with place and value`(text: String, wrong: String, problem: String) throws {
    let place = try TemporaryDirectory()
    let path = try place.write(ScenarioText.own.replacing(text, with: wrong), to: "own.yaml")
    do throws(ConfigurationError) {
      _ = try ScenarioLibrary.all(and: [path])
      Issue.record("it was read")
    } catch {
      #expect("\(error)".contains("\(path):\(problem)"), "\(error)")
    }
  }

  @Test func `a file that is not there is told with its path`() {
    #expect(throws: ConfigurationError.self) { try ScenarioLibrary.all(and: ["./no-such-file"]) }
    #expect(throws: ConfigurationError.self) { try ScenarioLibrary.all(and: ["no-such-file.yaml"]) }
  }

  /// Rows that a text takes when its words are put into lines of so many columns.
  private func lines(of text: String, columns: Int) -> Int {
    var (count, used) = (1, 0)
    for word in text.split(separator: " ").map(\.count) {
      if used > 0, used + 1 + word > columns {
        (count, used) = (count + 1, word)
      } else {
        used += used > 0 ? 1 + word : word
      }
    }
    return count
  }
}

/// A scenario of somebody's own.
private enum ScenarioText {
  static let own = """
    scenario: own
    title: My own
    dependency: orders-db
    clients: [orders]
    steps:
      - {caption: "It breaks.", faults: [upstream orders-db errors=1]}
    broken:
      caption: "It is broken."
      failures: 0.5
    repair:
      keys: [D]
      commands: [drain orders-db]
    healed: {caption: "It has healed."}
    """
}

extension Scenario: CustomTestStringConvertible {
  package var testDescription: String { name }
}
