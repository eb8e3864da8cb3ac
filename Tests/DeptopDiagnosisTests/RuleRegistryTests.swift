import DeptopDiagnosis
import FoundationEssentials
import Testing

struct RuleRegistryTests {
  @Test func `every rule's file is in the registry and the other way round`() throws {
    let sources = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "Sources/DeptopDiagnosis/Rules")
    let files = try FileManager.default.contentsOfDirectory(atPath: sources.path)
    #expect(Set(files) == Set(RuleRegistry.all.map { "\($0).swift" }))
  }

  @Test func `every rule explains itself and what would prove it wrong`() {
    for rule in RuleRegistry.all { #expect(rule.explanation.contains("Proved wrong by")) }
  }
}
