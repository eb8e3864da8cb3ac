internal import DeptopBlocking
internal import Glibc
internal import Synchronization

/// A program that runs for a test and cannot outlive it.
///
/// It is ended when it is let go of, and by the kernel when the test process dies. The kernel ties that to the
/// thread that started the program, so that each program has a thread of its own, which waits for its end.
package final class ChildProcess: Sendable {
  package let pid: Int32
  private let exit: Exit
  private let endSignal: Int32

  /// How a program is to be started.
  package struct Command: Sendable {
    /// The program's path and its arguments.
    package var arguments: [String]
    /// What is put before it, such as `nsenter` and a network namespace.
    package var launcher: [String] = []
    /// nil means the account of the tests.
    package var account: ServerAccount?
    /// `KEY=value`; nothing else but PATH and a C locale is passed on.
    package var environment: [String] = []
    package var inputPath = "/dev/null"
    /// Receives the standard output and the standard error.
    package var outputPath: String
    /// The signal that ends it.
    package var endSignal: Int32 = SIGKILL

    package init(_ arguments: [String], outputPath: String) {
      self.arguments = arguments
      self.outputPath = outputPath
    }
  }

  private init(pid: Int32, exit: Exit, endSignal: Int32) {
    self.pid = pid
    self.exit = exit
    self.endSignal = endSignal
  }

  deinit {
    exit.signal(pid, endSignal)
  }

  /// Starts a program.
  package static func start(_ command: Command) async throws -> ChildProcess {
    let setpriv = try Program.required("setpriv")
    let env = try Program.required("env")
    let thread = BlockingThread()
    var line = command.launcher + [setpriv, "--pdeathsig", setprivName(of: command.endSignal)]
    if let account = command.account {
      line += ["--reuid", account.name, "--regid", account.name, "--init-groups"]
    }
    line += ["--", env, "-i", "-C", "/", "PATH=/usr/bin:/bin:/usr/sbin:/sbin", "LC_ALL=C", "HOME=/"]
    line += command.environment + command.arguments
    let arguments = line
    let pid = try await thread.run { () throws(TestFailure) in try spawn(arguments, command) }
    let exit = Exit()
    // Keeps the thread until the program has ended.
    thread.start { [thread] in
      withExtendedLifetime(thread) { exit.reap(pid) }
    }
    return ChildProcess(pid: pid, exit: exit, endSignal: command.endSignal)
  }

  /// Runs a program to its end and answers its exit status.
  package static func run(_ command: Command, within limit: Duration = .seconds(60)) async throws -> Int32 {
    let child = try await start(command)
    return try await child.exitStatus(within: limit)
  }

  package func signal(_ number: Int32) {
    exit.signal(pid, number)
  }

  package var hasExited: Bool { exit.status != nil }

  /// Waits for the end and answers the exit status; 128 and the signal's number when a signal ended it.
  package func exitStatus(within limit: Duration = .seconds(60)) async throws -> Int32 {
    try await waitUntil("the end of process \(pid)", within: limit) { hasExited }
    return exit.status ?? -1
  }

  /// Ends it and waits until it has ended.
  package func stop() async throws {
    signal(endSignal)
    _ = try await exitStatus(within: .seconds(20))
  }
}

/// How a program ended; guards its pid, which may be used again afterwards.
private final class Exit: Sendable {
  private let value = Mutex<Int32?>(nil)

  var status: Int32? { value.withLock { $0 } }

  func signal(_ pid: Int32, _ number: Int32) {
    value.withLock { status in
      if status == nil { kill(pid, number) }
    }
  }

  /// Waits for the end, and lets go of the pid only while nobody can signal it.
  func reap(_ pid: Int32) {
    var information = unsafe siginfo_t()
    while unsafe waitid(P_PID, id_t(pid), &information, WEXITED | WNOWAIT) != 0 && errno == EINTR {}
    value.withLock { value in
      var status: Int32 = 0
      unsafe waitpid(pid, &status, 0)
      let signal = status & 0x7f
      value = signal == 0 ? (status >> 8) & 0xff : 128 + signal
    }
  }
}

/// The signal as setpriv wants it named.
private func setprivName(of signal: Int32) -> String {
  switch signal {
  case SIGQUIT: "QUIT"
  case SIGTERM: "TERM"
  case SIGINT: "INT"
  default: "KILL"
  }
}

private func spawn(_ arguments: [String], _ command: ChildProcess.Command) throws(TestFailure) -> Int32 {
  guard let program = arguments.first.flatMap({ $0.hasPrefix("/") ? $0 : Program.path(of: $0) }) else {
    throw TestFailure("no such program: \(arguments)")
  }
  var actions = unsafe posix_spawn_file_actions_t()
  unsafe posix_spawn_file_actions_init(&actions)
  defer { unsafe posix_spawn_file_actions_destroy(&actions) }
  unsafe posix_spawn_file_actions_addopen(&actions, 0, command.inputPath, O_RDONLY, 0)
  unsafe posix_spawn_file_actions_addopen(&actions, 1, command.outputPath, O_WRONLY | O_CREAT | O_APPEND, 0o644)
  unsafe posix_spawn_file_actions_adddup2(&actions, 1, 2)
  var attributes = withNoSignalBlocked()
  defer { unsafe posix_spawnattr_destroy(&attributes) }
  var line = unsafe arguments.map { unsafe strdup($0) } + [nil]
  defer { unsafe line.forEach { unsafe free($0) } }
  var environment: [UnsafeMutablePointer<CChar>?] = unsafe [nil]
  var pid: pid_t = 0
  let status = unsafe posix_spawn(&pid, program, &actions, &attributes, &line, &environment)
  guard status == 0 else { throw TestFailure("\(program) does not start: error \(status)") }
  return pid
}

/// Tasks run on threads that block signals, and a program inherits what its starter blocks.
private func withNoSignalBlocked() -> posix_spawnattr_t {
  var attributes = posix_spawnattr_t()
  var none = sigset_t()
  unsafe sigemptyset(&none)
  unsafe posix_spawnattr_init(&attributes)
  unsafe posix_spawnattr_setsigmask(&attributes, &none)
  unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
  return attributes
}
