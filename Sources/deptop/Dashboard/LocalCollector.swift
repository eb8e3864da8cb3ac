internal import Glibc

/// A private collector, for the length of one session.
///
/// It lives as long as its standard input: when this process ends, in whatever way, it ends too.
final class LocalCollector {
  let socketPath: String
  private let directory: String
  private let pid: pid_t
  private let lifeline: Int32

  /// Why a private collector does not start.
  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  /// Starts `deptopd` from the directory of this program, or from `PATH`; it may not serve yet.
  init() throws(Failure) {
    directory = try LocalCollector.makeDirectory()
    socketPath = directory + "/control.sock"
    var ends: [Int32] = [0, 0]
    guard unsafe pipe(&ends) == 0 else { throw LocalCollector.failure("a pipe") }
    defer { close(ends[0]) }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    lifeline = ends[1]
    pid = try LocalCollector.spawn(
      ["--socket", socketPath, "--state-directory", directory + "/state", "--exit-with-standard-input"],
      input: ends[0], log: directory + "/deptopd.log")
  }

  /// Ends the collector and removes what it left.
  func stop() {
    kill(pid, SIGTERM)
    waitForEnd(atMost: .seconds(5))
    close(lifeline)
    for file in ["/state/deptop.sqlite", "/state/deptop.sqlite-wal", "/state/deptop.sqlite-shm"] {
      unsafe unlink(directory + file)
    }
    unsafe rmdir(directory + "/state")
    let files = ["/control.sock", "/control.sock.lock", "/ingest.sock", "/ingest.sock.lock", "/deptopd.log"]
    for file in files { unsafe unlink(directory + file) }
    unsafe rmdir(directory)
  }

  private static func makeDirectory() throws(Failure) -> String {
    let base = Environment.value("XDG_RUNTIME_DIR") ?? Environment.value("TMPDIR") ?? "/tmp"
    var template = Array((base + "/deptop-XXXXXX").utf8CString)
    guard unsafe mkdtemp(&template) != nil else { throw failure("a directory in \(base)") }
    return String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  private static func spawn(_ arguments: [String], input: Int32, log: String) throws(Failure) -> pid_t {
    var actions = unsafe posix_spawn_file_actions_t()
    var attributes = posix_spawnattr_t()
    unsafe posix_spawn_file_actions_init(&actions)
    unsafe posix_spawnattr_init(&attributes)
    defer {
      unsafe posix_spawn_file_actions_destroy(&actions)
      unsafe posix_spawnattr_destroy(&attributes)
    }
    unsafe posix_spawn_file_actions_adddup2(&actions, input, 0)
    unsafe posix_spawn_file_actions_addopen(&actions, 1, log, O_WRONLY | O_CREAT | O_APPEND, 0o600)
    unsafe posix_spawn_file_actions_adddup2(&actions, 1, 2)
    // The dashboard blocks signals for its own loop, and takes ctrl-c for itself: the collector must not inherit that.
    var none = sigset_t()
    unsafe sigemptyset(&none)
    unsafe posix_spawnattr_setsigmask(&attributes, &none)
    unsafe posix_spawnattr_setpgroup(&attributes, 0)
    unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP))
    let program = beside() ?? "deptopd"
    var pid: pid_t = 0
    let status = unsafe withArguments([program] + arguments) { vector in
      unsafe posix_spawnp(&pid, program, &actions, &attributes, vector, environ)
    }
    guard status == 0 else {
      throw Failure(description: "\(program) does not start: \(unsafe String(cString: strerror(status)))")
    }
    return pid
  }

  /// `deptopd` in the directory of this program; nil when it is not there.
  private static func beside() -> String? {
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = unsafe readlink("/proc/self/exe", &buffer, buffer.count)
    guard count > 0 else { return nil }
    let own = String(decoding: buffer.prefix(count).map(UInt8.init(bitPattern:)), as: UTF8.self)
    guard let slash = own.lastIndex(of: "/") else { return nil }
    let path = own[...slash] + "deptopd"
    return unsafe access(String(path), X_OK) == 0 ? String(path) : nil
  }

  /// The collector holds the only reading end of the lifeline: its end shows at the writing end.
  private func waitForEnd(atMost limit: Duration) {
    var ready = pollfd(fd: lifeline, events: 0, revents: 0)
    if unsafe poll(&ready, 1, Int32(limit / .milliseconds(1))) == 0 { kill(pid, SIGKILL) }
    var status: Int32 = 0
    while unsafe waitpid(pid, &status, 0) < 0 && errno == EINTR {}
  }

  private static func withArguments<Result>(
    _ arguments: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Result
  ) -> Result {
    var vector = unsafe arguments.map { unsafe strdup($0) } + [nil]
    defer { unsafe vector.forEach { unsafe free($0) } }
    return unsafe body(&vector)
  }

  private static func failure(_ what: String) -> Failure {
    Failure(description: "\(what) cannot be made: \(unsafe String(cString: strerror(errno)))")
  }
}
