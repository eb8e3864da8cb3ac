import DeptopLab
import DeptopTestSupport
import Glibc
import Testing

@Suite struct RoleProcessTests {
  private let place: TemporaryDirectory
  private let space = LabSpace.current("tests")

  init() throws {
    place = try TemporaryDirectory()
  }

  private func start(_ script: String, in space: LabSpace? = nil) async throws -> RoleProcess {
    try await RoleProcess.start(
      "role", program: "/bin/sh", arguments: ["-c", script], in: space ?? self.space, log: place.file("log"))
  }

  @Test func `it serves once it says so, and is told one line of JSON for each command`() async throws {
    let role = try await start("echo ready; while read -r line; do echo \"got $line\"; done; echo over >&2")
    try await role.ready()
    try await role.send(RouterFault.forget)
    try await role.send(["a": 1])
    try await waitUntil("both are in the log") { place.read("log") == "got {\"forget\":{}}\ngot {\"a\":1}\n" }
    #expect(role.exitStatus == nil)
    #expect(await role.end() == 128 + SIGTERM)
    #expect(role.exitStatus == 128 + SIGTERM)
  }

  @Test func `one that ends before it serves is told from one that is slow`() async throws {
    let ended = try await start("echo broken >&2; exit 1")
    await #expect(throws: GroundError.role("role ended before it served, see its log")) { try await ended.ready() }
    #expect(await ended.exit() == 1)
    #expect(place.read("log") == "broken\n")
    let slow = try await start("exec sleep 1000")
    await #expect(throws: GroundError.role("role does not serve within 0.01 seconds")) {
      try await slow.ready(within: .milliseconds(10))
    }
  }

  @Test func `one that does not listen to SIGTERM is killed`() async throws {
    let role = try await start("trap '' TERM; echo ready; while :; do sleep 0.01; done")
    try await role.ready()
    #expect(await role.end(within: .milliseconds(50)) == 128 + SIGKILL)
  }

  @Test func `one that has ended cannot be told anything`() async throws {
    let role = try await start("exit 0")
    #expect(await role.exit() == 0)
    // Another program that is just being started may hold the other end for a moment.
    try await waitUntil("it is told that nobody reads") {
      do throws(GroundError) {
        try await role.send(1)
        return false
      } catch {
        return error == .system("role cannot be told", code: EPIPE)
      }
    }
  }

  @Test func `its end is seen while a process of its own holds its output`() async throws {
    let role = try await start("sleep 1000 & echo ready; echo $! >&2; exit 4")
    #expect(await role.exit() == 4)
    try await role.ready()
    let left = try #require(Int32(place.read("log").split(separator: "\n").first ?? ""))
    kill(left, SIGKILL)
  }

  @Test func `it is killed when nobody holds it any longer`() async throws {
    let pid = try await start("echo ready; exec sleep 1000").pid
    try await waitUntil("process \(pid) is gone") { Processes.parent(of: pid) == nil }
  }

  @Test func `waiting for it ends with the task`() async throws {
    let role = try await start("exec sleep 1000")
    let waiting = Task { await role.exit() }
    waiting.cancel()
    #expect(await waiting.value == nil)
    #expect(await role.kill() == 128 + SIGKILL)
  }

  @Test(.networkLab()) func `it is in the namespace that it was started in, and others stay where they are`()
    async throws
  {
    let other = try await LabSpace.make("others")
    let role = try await start("readlink /proc/self/ns/net", in: other)
    #expect(await role.exit() == 0)
    let own = Processes.link("/proc/thread-self/ns/net")
    #expect(place.read("log") != "\(own)\n")
    let path = try #require(other.path)
    #expect(place.read("log") == "\(Processes.link(path))\n")
    let next = try await start("readlink /proc/self/ns/net > \(place.file("next"))")
    #expect(await next.exit() == 0)
    #expect(place.read("next") == "\(own)\n")
  }
}
