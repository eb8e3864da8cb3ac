internal import FoundationEssentials
internal import Glibc

/// A new database cluster that is made once in a test process and copied for each server.
actor PostgresTemplate {
  static let shared = PostgresTemplate()

  private var directory: TemporaryDirectory?

  /// Makes a copy of the cluster at a path that does not exist yet.
  func copy(to path: String) async throws {
    let source = try await cluster()
    var command = ChildProcess.Command(
      [try Program.required("cp"), "-a", source.file("data"), path], outputPath: source.file("copy.log"))
    command.account = .current
    let status = try await ChildProcess.run(command)
    guard status == 0 else { throw TestFailure("no copy of the cluster: \(source.read("copy.log"))") }
  }

  private func cluster() async throws -> TemporaryDirectory {
    if let directory { return directory }
    let created = try TemporaryDirectory()
    var command = ChildProcess.Command(
      [
        try Program.required("initdb"), "--no-sync", "--auth=trust", "--username=postgres", "--encoding=UTF8",
        "--locale=C", "--pgdata", created.file("data"),
      ], outputPath: created.file("initdb.log"))
    command.account = .current
    let status = try await ChildProcess.run(command)
    guard status == 0 else { throw TestFailure("initdb failed: \(created.read("initdb.log"))") }
    // Another call may have been here while this one waited.
    if let directory { return directory }
    directory = created
    Cleanup.atExit(created.path)
    return created
  }
}

/// Directories that live as long as the process: nothing lets go of them before its end.
private enum Cleanup {
  nonisolated(unsafe) private static var path: String?

  static func atExit(_ path: String) {
    unsafe Cleanup.path = path
    atexit {
      guard let path = unsafe Cleanup.path else { return }
      // The process ends: there is nobody left to tell.
      try? FileManager.default.removeItem(atPath: path)
    }
  }
}
