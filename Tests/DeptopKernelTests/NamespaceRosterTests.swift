import DeptopKernel
import DeptopTestSupport
import Glibc
import Testing

@Suite("Namespaces without a helper")
struct NamespaceRosterTests {
  /// What the roster says of a `/proc` with these links, nil for a process whose namespace may not be read.
  private func problem(_ links: [String: String?]) async throws -> String? {
    let place = try TemporaryDirectory()
    for (process, target) in links {
      for directory in [process, "\(process)/ns"] where unsafe mkdir(place.file(directory), 0o700) != 0 {
        throw TestFailure("cannot make \(directory)")
      }
      guard let target else { continue }
      guard unsafe symlink(target, place.file("\(process)/ns/net")) == 0 else { throw TestFailure("cannot link") }
    }
    let roster = NamespaceRoster(access: nil, files: ProcessFiles(root: place.path))
    roster.refreshIfDue()
    try await waitUntil("the namespaces are listed") { roster.current != nil }
    return roster.current?.problem
  }

  @Test func `where every process can be read and is here, nothing is missing`() async throws {
    #expect(try await problem(["self": "net:[5]", "1": "net:[5]", "7": "net:[5]"]) == nil)
  }

  @Test func `other namespaces that can be seen are counted`() async throws {
    let one = try await problem(["self": "net:[5]", "1": "net:[5]", "7": "net:[6]"])
    #expect(one == "1 other network namespace is not swept: deptop-helper is not running")
    let two = try await problem(["self": "net:[5]", "1": "net:[8]", "7": "net:[6]"])
    #expect(two == "2 other network namespaces are not swept: deptop-helper is not running")
  }

  @Test func `where processes may not be read, their namespaces are not seen`() async throws {
    let hidden = try await problem(["self": "net:[5]", "1": nil, "7": "net:[5]"])
    #expect(hidden == "other network namespaces are not seen: deptop-helper is not running")
  }

  @Test func `a listing is made at once, and the next only later`() async throws {
    let roster = NamespaceRoster(access: nil)
    #expect(roster.current == nil)
    roster.refreshIfDue()
    try await waitUntil("the namespaces are listed") { roster.current != nil }
    let number = roster.current?.number
    roster.refreshIfDue()
    #expect(roster.current?.number == number)
    roster.refreshIfDue(at: .now + NamespaceRoster.interval)
    try await waitUntil("they are listed again") { roster.current?.number != number }
  }
}
