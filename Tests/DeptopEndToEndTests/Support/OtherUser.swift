import DeptopTestSupport
import Glibc
import Testing

/// A user that owns nothing and is in no group of the host, for what other users may and may not.
final class OtherUser: Sendable {
  let uid: UInt32
  private let group: UInt32?
  /// Has copies of the programs: the directory that they were built in may be closed to others.
  private let programs: TemporaryDirectory

  /// A user of a number for which no account needs to exist, in one group besides its own if any.
  init(uid: UInt32 = 60_123, inGroup group: UInt32? = nil) throws {
    self.uid = uid
    self.group = group
    programs = try TemporaryDirectory()
  }

  /// What is put before a program so that it runs as this user.
  var launcher: [String] {
    get throws {
      let groups = group.map { ["--groups", "\($0)"] } ?? ["--clear-groups"]
      return [try Program.required("setpriv"), "--reuid", "\(uid)", "--regid", "\(uid)"] + groups
    }
  }

  /// Gives this user a file or directory.
  func own(_ path: String) throws {
    guard unsafe chown(path, uid, uid) == 0 else { throw TestFailure("\(path) keeps its owner: error \(errno)") }
  }

  /// A built program at a place where this user may run it.
  func path(of program: String) async throws -> String {
    let copy = programs.file(program)
    if programs.has(program) { return copy }
    let command = ChildProcess.Command(
      [try Program.required("cp"), BuiltProgram.path(program), copy], outputPath: programs.file("copy.log"))
    let status = try await ChildProcess.run(command)
    guard status == 0 else { throw TestFailure("no copy of \(program): \(programs.read("copy.log"))") }
    return copy
  }
}

extension Trait where Self == ConditionTrait {
  /// Skips a test where the tests may not run programs as another user.
  static var otherUsers: Self { .enabled(if: geteuid() == 0, "only root may run programs as another user") }
}
