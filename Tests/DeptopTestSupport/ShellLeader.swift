import Glibc

/// A shell that leads the session, runs one program in the foreground and tells what becomes of it.
final class ShellLeader {
  /// Where the shell tells; ends when neither it nor the program is left.
  let reports: CInt
  private let orders: CInt
  private var processIdentifier: pid_t = 0

  /// 147 and 148 are 128 and SIGSTOP or SIGTSTP: the program was stopped.
  private static let script = """
    exec 2>/dev/null
    trap : INT QUIT
    sh -c 'echo "pid $$" >&3; exec "$@" 2>&1 4<&-' sh "$@"
    status=$?
    while [ "$status" -eq 147 ] || [ "$status" -eq 148 ]; do
      echo stopped >&3
      read -r order <&4
      fg >/dev/null
      status=$?
    done
    echo "exit $status" >&3
    read -r order <&4
    """

  init(_ command: [String], environment: [String: String], terminal: String) throws(PseudoTerminal.Failure) {
    let (reports, reportsInside) = try ShellLeader.pair()
    let (orders, ordersInside) = try ShellLeader.pair()
    self.reports = reports
    self.orders = orders
    defer {
      close(reportsInside)
      close(ordersInside)
    }
    let arguments = ["sh", "-m", "-c", ShellLeader.script, "sh"] + command
    let code = spawn(arguments, environment, terminal, [reportsInside, ordersInside])
    guard code == 0 else { throw .system(operation: "start a shell", code: code) }
  }

  /// Lets the shell go on after it told that the program was stopped.
  func proceed() {
    let order = Array("go\n".utf8)
    _ = unsafe order.withUnsafeBytes { unsafe write(orders, $0.baseAddress, $0.count) }
  }

  /// Ends the shell and closes everything.
  func end() {
    kill(processIdentifier, SIGKILL)
    var status: CInt = 0
    while unsafe waitpid(processIdentifier, &status, 0) < 0, errno == EINTR {}
    close(orders)
    close(reports)
  }

  /// What can be read at once, nothing at the end or when there is nothing.
  func read(_ descriptor: CInt) -> [UInt8] {
    unsafe [UInt8](unsafeUninitializedCapacity: 1 << 16) { buffer, count in
      count = unsafe max(0, Glibc.read(descriptor, buffer.baseAddress, buffer.count))
    }
  }

  /// Sockets instead of pipes, because those can be made so that no other program inherits them.
  private static func pair() throws(PseudoTerminal.Failure) -> (CInt, CInt) {
    var ends: [CInt] = [-1, -1]
    let kind = CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue)
    guard unsafe socketpair(AF_UNIX, kind, 0, &ends) == 0 else {
      throw .system(operation: "create a pair of sockets", code: errno)
    }
    return (ends[0], ends[1])
  }

  private func spawn(_ arguments: [String], _ environment: [String: String], _ terminal: String, _ inside: [CInt])
    -> CInt
  {
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    // The first terminal that a session's leader opens becomes the session's.
    unsafe posix_spawn_file_actions_addopen(&actions, 0, terminal, O_RDWR, 0)
    unsafe posix_spawn_file_actions_adddup2(&actions, 0, 1)
    unsafe posix_spawn_file_actions_adddup2(&actions, 0, 2)
    // Past the numbers that they shall have, so that neither overwrites the other.
    for (index, descriptor) in inside.enumerated() {
      unsafe posix_spawn_file_actions_adddup2(&actions, descriptor, 100 + CInt(index))
    }
    for index in inside.indices {
      unsafe posix_spawn_file_actions_adddup2(&actions, 100 + CInt(index), 3 + CInt(index))
      unsafe posix_spawn_file_actions_addclose(&actions, 100 + CInt(index))
    }
    var attributes = posix_spawnattr_t()
    unsafe posix_spawnattr_init(&attributes)
    defer { unsafe posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    var all = sigset_t()
    unsafe sigemptyset(&none)
    unsafe sigfillset(&all)
    unsafe posix_spawnattr_setsigmask(&attributes, &none)
    unsafe posix_spawnattr_setsigdefault(&attributes, &all)
    unsafe posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF) | ShellLeader.newSession)
    return unsafe withCStrings(arguments) { arguments in
      unsafe withCStrings(environment.map { "\($0)=\($1)" }) { environment in
        unsafe posix_spawn(&processIdentifier, "/bin/sh", &actions, &attributes, arguments, environment)
      }
    }
  }

  /// POSIX_SPAWN_SETSID, which the C library offers as an extension.
  private static let newSession: Int16 = 0x80

  private func withCStrings<Result>(
    _ strings: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Result
  ) -> Result {
    var pointers: [UnsafeMutablePointer<CChar>?] = unsafe strings.map { unsafe strdup($0) } + [nil]
    defer { for index in unsafe pointers.indices { unsafe free(pointers[index]) } }
    return unsafe pointers.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { preconditionFailure("never empty") }
      return unsafe body(UnsafePointer(base))
    }
  }
}
