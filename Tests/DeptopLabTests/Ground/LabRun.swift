import DeptopLab
import DeptopTestSupport
import Glibc
import Testing

/// A lab that was started by its command line, seen from outside.
struct LabRun {
  let launcher: ChildProcess
  let place: TemporaryDirectory
  /// The other end of the launcher's standard input.
  private let input: Int32

  /// Which lab to start.
  struct Kind: Sendable, CustomTestStringConvertible {
    var isLoopback: Bool
    var account: ServerAccount?

    var testDescription: String {
      "\(isLoopback ? "on loopback" : "in namespaces"), \(account.map { "as \($0.name)" } ?? "as the tests' account")"
    }

    /// In namespaces and on loopback, as the tests' account and as an ordinary user if the tests are root's.
    static var all: [Kind] {
      let accounts = [nil] + (ServerAccount.current.map { [$0] } ?? [])
      return accounts.flatMap { account in
        [Kind(isLoopback: false, account: account), Kind(isLoopback: true, account: account)]
      }
    }
  }

  /// Starts a lab that runs a shell script in place of its story; what is before it is a command that starts another.
  static func start(_ kind: Kind, before: [String] = [], script: String) async throws -> LabRun {
    let place = try TemporaryDirectory()
    let fifo = place.file("input")
    guard unsafe mkfifo(fifo, 0o666) == 0, case let input = unsafe open(fifo, O_RDWR | O_CLOEXEC), input >= 0 else {
      throw TestFailure("no pipe: error \(errno)")
    }
    // Root of a user namespace has no power over another account's directory.
    for path in [fifo, place.path] {
      unsafe chown(path, kind.account?.uid ?? geteuid(), kind.account?.gid ?? getegid())
    }
    var command = ChildProcess.Command(
      before + [BuiltProgram.path("deptop-lab"), "run", "--directory", place.file("lab"), "--headless"]
        + (kind.isLoopback ? ["--loopback"] : []) + ["--", "sh", "-c", script],
      outputPath: place.file("output"))
    command.inputPath = fifo
    command.account = kind.account
    return LabRun(launcher: try await ChildProcess.start(command), place: place, input: input)
  }

  /// What the script has printed so far.
  var output: String { place.read("output") }

  /// Waits until the script has printed a line.
  func waitForLine(_ line: String) async throws {
    try await waitUntil("\(line) in the lab's output: \(output)", within: .seconds(30)) {
      if launcher.hasExited { throw TestFailure("the lab ended: \(output)") }
      return output.split(separator: "\n").contains(Substring(line))
    }
  }

  /// The text of the line that begins with a word.
  func value(_ word: String) -> String {
    output.split(separator: "\n").first { $0.hasPrefix("\(word) ") }.map { String($0.dropFirst(word.count + 1)) } ?? ""
  }

  func endInput() {
    close(input)
  }

  /// Process 1 of the lab, or what is in its place.
  func keeper() throws -> Int32 { try labChild(of: launcher.pid) }

  /// The process that plays the lab.
  func player() throws -> Int32 { try labChild(of: keeper()) }

  /// The child that is the lab's own program; others are orphans.
  private func labChild(of parent: Int32) throws -> Int32 {
    let children = Processes.all().filter {
      Processes.parent(of: $0) == parent && Processes.field("Name", of: $0) == "deptop-lab"
    }
    guard children.count == 1, let child = children.first else {
      throw TestFailure("process \(parent) has the children \(children)")
    }
    return child
  }
}
