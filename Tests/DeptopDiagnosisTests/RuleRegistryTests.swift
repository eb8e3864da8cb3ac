import DeptopDiagnosis
import DeptopModel
import FoundationEssentials
import Testing

struct RuleRegistryTests {
  @Test func `every rule's file is in the registry and the other way round`() throws {
    let files = try FileManager.default.contentsOfDirectory(atPath: sources.appending(path: "Rules").path)
    #expect(Set(files) == Set(RuleRegistry.all.map { "\($0).swift" }))
  }

  @Test func `every rule explains itself and what would prove it wrong`() {
    for rule in RuleRegistry.all { #expect(rule.explanation.contains("Proved wrong by")) }
  }

  @Test func `every rule is told apart by its number and its title`() {
    #expect(Set(RuleRegistry.all.map { $0.id }).count == RuleRegistry.all.count)
    #expect(Set(RuleRegistry.all.map { $0.title }).count == RuleRegistry.all.count)
  }

  @Test func `the documentation lists every rule`() throws {
    let text = try String(
      contentsOf: sources.appending(path: "DeptopDiagnosis.docc/DeptopDiagnosis.md"), encoding: .utf8)
    for rule in RuleRegistry.all { #expect(text.contains("| \(rule.id) | ``\(rule)`` |")) }
  }

  @Test func `rules over windows of seconds need two ticks, the others three`() {
    let needed = Dictionary(uniqueKeysWithValues: RuleRegistry.all.map { ($0.id, $0.ticksNeeded) })
    #expect(
      needed == [
        "M01": 2, "M02": 2, "M03": 3, "M04": 3, "M07": 2, "M09": 2, "M13": 2, "M14": 3, "M15": 2, "M16": 2, "M17": 2,
        "M19": 3, "M20": 3, "M21": 2, "M22": 3, "M23": 3,
      ])
  }

  private var sources: URL {
    URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Sources/DeptopDiagnosis")
  }
}
