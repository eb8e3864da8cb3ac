import DeptopHelper
import DeptopKernel
import DeptopModel
import DeptopTestSupport
import Glibc
import Testing

/// A real helper that is started, ends, and is not what it should be.
@Suite("Starting the helper") struct HelperLinkTests {
  private let program = BuiltProgram.path("deptop-helper")

  /// A program that is put in the helper's place.
  private func script(_ text: String, in directory: TemporaryDirectory) throws -> String {
    let path = try directory.write("#!/bin/sh\n\(text)\n", to: "helper")
    guard unsafe chmod(path, 0o755) == 0 else { throw TestFailure("no script: \(SystemError.last)") }
    return path
  }

  /// Why a program does not start as a helper; nil when it does.
  private func failure(of path: String) async throws -> HostAccessError? {
    var failure: HostAccessError?
    try await waitUntil("a start of \(path)") {
      do throws(HostAccessError) {
        _ = try HelperLink.launch(path: path)
        failure = nil
      } catch {
        failure = error
      }
      // Another test's program, which is just being started, can have the script open for writing still.
      return failure != .absent("\(path) cannot be started: text file busy")
    }
    return failure
  }

  /// Kills the helper of a link, which does not know of it yet.
  private func end(_ helper: HelperLink) async throws {
    let child = try #require(helper.pid)
    #expect(kill(child, SIGKILL) == 0)
    try await waitUntil("the end of the helper") { !ProcessFiles().exists(child) }
  }

  @Test func `a helper that is killed is noticed, and started again`() async throws {
    let helper = try HelperLink.launch(path: program, pause: .zero)
    _ = try helper.settings(of: .own)
    try await end(helper)
    #expect(throws: HostAccessError.absent("deptop-helper has ended")) { try helper.settings(of: .own) }
    #expect(helper.pid == nil)
    #expect(try helper.settings(of: .own)[.retries2] != nil)
    #expect(helper.pid != nil)
  }

  @Test func `a helper that hangs is given up and killed`() async throws {
    let helper = try HelperLink.launch(path: program)
    let child = try #require(helper.pid)
    #expect(kill(child, SIGSTOP) == 0)
    #expect(throws: HostAccessError.broken("deptop-helper did not answer within 5 s")) {
      try helper.settings(of: .own)
    }
    try await waitUntil("the end of the helper") { !ProcessFiles().exists(child) }
  }

  @Test func `plans do not outlive their helper`() async throws {
    let helper = try HelperLink.launch(path: program, pause: .zero)
    try helper.announce(RepairPlan(plan: "p", life: .seconds(60), sockets: []))
    #expect(throws: HostAccessError.refused("the plan p is announced already")) {
      try helper.announce(RepairPlan(plan: "p", life: .seconds(60), sockets: []))
    }
    try await end(helper)
    #expect(throws: HostAccessError.absent("deptop-helper has ended")) { try helper.settings(of: .own) }
    #expect(throws: HostAccessError.refused("the plan is not announced")) {
      try helper.repair(.destroy, plan: "p", cookies: [1])
    }
  }

  @Test func `it is not started again at once`() async throws {
    let helper = try HelperLink.launch(path: program)
    try await end(helper)
    for _ in 0..<3 {
      #expect(throws: HostAccessError.absent("deptop-helper has ended")) { try helper.settings(of: .own) }
    }
    #expect(helper.pid == nil)
  }

  @Test func `it ends with its link and leaves no zombie`() async throws {
    var helper: HelperLink? = try HelperLink.launch(path: program)
    let child = try #require(helper?.pid)
    #expect(try helper?.settings(of: .own).isEmpty == false)
    helper = nil
    try await waitUntil("the end of the helper") { !ProcessFiles().exists(child) }
  }

  @Test func `it has no descriptor but its socket and its log, and no capability but its own`() throws {
    let helper = try HelperLink.launch(path: program)
    _ = try helper.settings(of: .own)
    let child = try #require(helper.pid)
    #expect(ProcEntry.entries("/proc/\(child)/fd").sorted() == ["0", "1", "2"])
    #expect(ProcEntry.link("/proc/\(child)/fd/1") == "/dev/null")
    #expect(ProcEntry.link("/proc/\(child)/cwd") == "/")
    let status = ProcEntry.text("/proc/\(child)/status")
    #expect(status.contains("NoNewPrivs:\t1"))
    let all = (UInt64(1) << 2) | 1 << 12 | 1 << 19 | 1 << 21
    let permitted = try #require(status.split(separator: "\n").first { $0.hasPrefix("CapPrm:") })
    let value = try #require(UInt64(permitted.split(separator: "\t")[1], radix: 16))
    #expect(value & ~all == 0)
  }

  @Test func `a program that is not there is absent`() async throws {
    #expect(
      try await failure(of: "/nowhere/deptop-helper")
        == .absent("/nowhere/deptop-helper cannot be started: no such file or directory"))
  }

  @Test func `a program that ends at once is absent`() async throws {
    #expect(try await failure(of: "/bin/true") == .absent("deptop-helper has ended"))
  }

  @Test func `a parent that made no socket is refused`() async throws {
    let directory = try TemporaryDirectory()
    let log = directory.file("log")
    // The shell stays between: the helper's parent is not the process that made the socket.
    let path = try script("\(program) 2> \(log); exit 0", in: directory)
    #expect(try await failure(of: path) == .absent("deptop-helper has ended"))
    #expect(directory.read("log").contains("the peer is process \(getpid()), not the parent"))
  }

  @Test(.privileged) func `another user's peer is refused`() async throws {
    let directory = try TemporaryDirectory()
    let log = directory.file("log")
    let copy = directory.file("program")
    #expect(try await ChildProcess.run(.init(["/bin/cp", program, copy], outputPath: directory.file("cp"))) == 0)
    let path = try script("exec setpriv --reuid 65534 --clear-groups \(copy) 2> \(log)", in: directory)
    #expect(try await failure(of: path) == .absent("deptop-helper has ended"))
    #expect(directory.read("log").contains("the peer is user 0, not 65534"))
  }

  @Test(.privileged, arguments: ["--euid", "--egid"]) func `another user's rights are refused`(option: String)
    async throws
  {
    let directory = try TemporaryDirectory()
    let log = directory.file("log")
    let copy = directory.file("program")
    #expect(try await ChildProcess.run(.init(["/bin/cp", program, copy], outputPath: directory.file("cp"))) == 0)
    let path = try script("exec setpriv \(option) 65534 --clear-groups \(copy) 2> \(log)", in: directory)
    #expect(try await failure(of: path) == .absent("deptop-helper has ended"))
    #expect(directory.read("log") == "deptop-helper: setuid is not supported: use file capabilities\n")
  }

  @Test func `a log on a terminal of another process group does not stop it`() throws {
    let helper = try HelperLink.launch(path: program)
    let child = try #require(helper.pid)
    let status = ProcEntry.text("/proc/\(child)/status")
    let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("SigIgn:") })
    let ignored = try #require(UInt64(line.split(separator: "\t")[1], radix: 16))
    #expect(ignored & (1 << UInt64(SIGTTOU - 1)) != 0)
  }

  @Test func `started by hand it says what it is for`() async throws {
    let directory = try TemporaryDirectory()
    let log = directory.file("log")
    #expect(try await ChildProcess.run(.init([program], outputPath: log)) == 2)
    #expect(directory.read("log").contains("is no socket of deptopd"))
    #expect(try await ChildProcess.run(.init([program, "--version"], outputPath: directory.file("version"))) == 0)
    #expect(directory.read("version") == "\(HelperServer.version)\n")
    #expect(try await ChildProcess.run(.init([program, "--help"], outputPath: directory.file("help"))) == 0)
    #expect(directory.read("help").contains("CAP_NET_ADMIN"))
    #expect(try await ChildProcess.run(.init([program, "--frob"], outputPath: directory.file("frob"))) == 2)
    #expect(directory.read("frob").contains("unknown arguments: --frob"))
  }
}
