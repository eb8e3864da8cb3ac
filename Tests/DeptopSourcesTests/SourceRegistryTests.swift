import DeptopSources
import FoundationEssentials
import Testing

struct SourceRegistryTests {
  @Test func `every source's file is in the registry and the other way round`() throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "Sources/DeptopSources/Sources")
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    #expect(Set(files) == Set(SourceRegistry.all.map { "\($0).swift" }))
  }

  @Test func `no two sources have the same kind`() {
    #expect(Set(SourceRegistry.all.map { $0.kind }).count == SourceRegistry.all.count)
  }
}
