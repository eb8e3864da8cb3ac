internal import Glibc

/// A private collector, for the length of one session.
///
/// It lives as long as its standard input: when this process ends, in whatever way, it ends too.
struct LocalCollector {
  let socketPath: String
  private let directory: String
  private let program: SpawnedProgram

  /// Starts `deptopd` from the directory of this program, or from `PATH`; it may not serve yet.
  init() throws(SpawnFailure) {
    directory = try LocalCollector.makeDirectory()
    socketPath = directory + "/control.sock"
    let log = unsafe open(directory + "/deptopd.log", O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
    guard log >= 0 else { throw .making("a log in \(directory)") }
    defer { close(log) }
    program = try SpawnedProgram(
      OwnProgram("deptopd"),
      ["--socket", socketPath, "--state-directory", directory + "/state", "--exit-with-standard-input"],
      output: log, log: log)
  }

  /// Ends the collector and removes what it left.
  func stop() {
    program.end(by: SIGTERM, atMost: .seconds(5))
    for file in ["/state/deptop.sqlite", "/state/deptop.sqlite-wal", "/state/deptop.sqlite-shm"] {
      unsafe unlink(directory + file)
    }
    unsafe rmdir(directory + "/state")
    let files = ["/control.sock", "/control.sock.lock", "/ingest.sock", "/ingest.sock.lock", "/deptopd.log"]
    for file in files { unsafe unlink(directory + file) }
    unsafe rmdir(directory)
  }

  private static func makeDirectory() throws(SpawnFailure) -> String {
    let base = Environment.value("XDG_RUNTIME_DIR") ?? Environment.value("TMPDIR") ?? "/tmp"
    var template = Array((base + "/deptop-XXXXXX").utf8CString)
    guard unsafe mkdtemp(&template) != nil else { throw .making("a directory in \(base)") }
    return String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}
