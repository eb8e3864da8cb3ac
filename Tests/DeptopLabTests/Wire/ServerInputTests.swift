@testable import DeptopLab
import DeptopTestSupport
import FoundationEssentials
import Glibc
import Testing

@Suite struct ServerInputTests {
  private let directory: TemporaryDirectory

  init() throws {
    directory = try TemporaryDirectory()
  }

  /// A regular file, which an event loop could not wait for.
  private func input(_ text: String) throws -> (ServerInput, Int32) {
    let path = try directory.write(text, to: "input")
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw TestFailure("\(path) cannot be opened") }
    return (ServerInput(descriptor), descriptor)
  }

  @Test func `one value a line, until the end, from any kind of file`() async throws {
    let (lines, descriptor) = try input("[1]\n\n[2, 3]\n[4")
    defer { close(descriptor) }
    #expect(try await lines.next([Int].self) == [1])
    #expect(try await lines.next([Int].self) == [2, 3])
    // A line that is cut is none.
    #expect(try await lines.next([Int].self) == nil)
    #expect(try await lines.next([Int].self) == nil)
  }

  @Test func `a line that is no value is an error in words`() async throws {
    let (lines, descriptor) = try input("[1\n")
    defer { close(descriptor) }
    let error = await #expect(throws: ServerRoleProblem.self) { _ = try await lines.next([Int].self) }
    #expect(error?.description.hasPrefix("a line of the input is no Array<Int>: ") == true)
  }

  @Test func `a line without end is not kept`() async throws {
    let (lines, descriptor) = try input(String(repeating: "1", count: 3 << 20))
    defer { close(descriptor) }
    let error = await #expect(throws: ServerRoleProblem.self) { _ = try await lines.next([Int].self) }
    #expect(error?.description == "a line of the input has more than 1048576 bytes")
  }
}
