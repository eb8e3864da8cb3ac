internal import Glibc

/// How a program is started.
struct Launch {
  /// The program's path and its arguments.
  var arguments: [String]
  /// All variables that it gets.
  var environment: [String: String]
  /// What becomes its standard input, output and error.
  var standardStreams: StandardStreams

  enum StandardStreams {
    /// A terminal for all three, which the program gets as the leader of a new session.
    case terminal(path: String)
    /// Open descriptors for input and output, and a file for the error output; nil means that it is inherited.
    case descriptors(input: CInt, output: CInt, errorPath: String?)
  }

  /// Starts the program and answers its process id.
  ///
  /// - Throws: ``BenchmarkFailure`` when it does not start.
  func start() throws(BenchmarkFailure) -> pid_t {
    var actions = unsafe posix_spawn_file_actions_t()
    var attributes = posix_spawnattr_t()
    unsafe posix_spawn_file_actions_init(&actions)
    unsafe posix_spawnattr_init(&attributes)
    defer {
      unsafe posix_spawn_file_actions_destroy(&actions)
      unsafe posix_spawnattr_destroy(&attributes)
    }
    unsafe prepare(&actions)
    prepare(&attributes)
    var pid: pid_t = 0
    let program = arguments[0]
    let variables = environment.map { "\($0.key)=\($0.value)" }
    let code = unsafe withPointers(to: arguments) { arguments in
      unsafe withPointers(to: variables) { variables in
        unsafe posix_spawn(&pid, program, &actions, &attributes, arguments, variables)
      }
    }
    guard code == 0 else { throw BenchmarkFailure("start \(program)", code: code) }
    return pid
  }

  private func prepare(_ actions: inout posix_spawn_file_actions_t) {
    switch standardStreams {
    case .terminal(let path):
      // The first terminal that a session's leader opens becomes the session's.
      unsafe posix_spawn_file_actions_addopen(&actions, 0, path, O_RDWR, 0)
      unsafe posix_spawn_file_actions_adddup2(&actions, 0, 1)
      unsafe posix_spawn_file_actions_adddup2(&actions, 0, 2)
    case .descriptors(let input, let output, let errorPath):
      unsafe posix_spawn_file_actions_adddup2(&actions, input, 0)
      unsafe posix_spawn_file_actions_adddup2(&actions, output, 1)
      if let errorPath {
        unsafe posix_spawn_file_actions_addopen(&actions, 2, errorPath, O_WRONLY | O_CREAT | O_APPEND, 0o600)
      }
    }
  }

  private func prepare(_ attributes: inout posix_spawnattr_t) {
    var none = sigset_t()
    var all = sigset_t()
    unsafe sigemptyset(&none)
    unsafe sigfillset(&all)
    unsafe posix_spawnattr_setsigmask(&attributes, &none)
    unsafe posix_spawnattr_setsigdefault(&attributes, &all)
    var flags = Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF)
    if case .terminal = standardStreams { flags |= Launch.newSession }
    unsafe posix_spawnattr_setflags(&attributes, flags)
  }

  /// POSIX_SPAWN_SETSID, which the C library offers as an extension.
  private static let newSession: Int16 = 0x80
}

private func withPointers<Result>(
  to strings: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Result
) -> Result {
  var pointers = unsafe strings.map { unsafe strdup($0) } + [nil]
  defer { unsafe pointers.forEach { unsafe free($0) } }
  return unsafe body(&pointers)
}
