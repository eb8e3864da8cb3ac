internal import Glibc

/// A program of deptop's own that is to live no longer than this process.
///
/// Its standard input is a pipe that nothing is written to: when this process ends, in whatever way, the pipe reaches
/// its end, and the program ends too.
struct SpawnedProgram: Sendable {
  private let pid: pid_t
  private let lifeline: Int32

  /// Starts it in a process group of its own, with no signal blocked.
  ///
  /// - Parameters:
  ///   - program: what is started.
  ///   - arguments: those behind the program's name.
  ///   - output: becomes its standard output.
  ///   - log: becomes its standard error.
  /// - Throws: ``SpawnFailure``, with nothing started.
  init(
    _ program: OwnProgram, _ arguments: [String], output: Int32, log: Int32
  ) throws(SpawnFailure) {
    let pipe = try Pipe()
    defer { close(pipe.readingEnd) }
    do throws(SpawnFailure) {
      pid = try SpawnedProgram.spawn(program, arguments, [pipe.readingEnd, output, log])
    } catch {
      close(pipe.writingEnd)
      throw error
    }
    lifeline = pipe.writingEnd
  }

  /// Asks it to end by a signal, waits, and lets go of the lifeline.
  func end(by signal: Int32, atMost limit: Duration) {
    kill(pid, signal)
    waitForEnd(atMost: limit)
    close(lifeline)
  }

  /// Lets go of the lifeline, and waits.
  func end(atMost limit: Duration) {
    close(lifeline)
    waitForEnd(atMost: limit)
  }

  /// Waits until it ends of its own accord, and answers whether it says that it failed.
  ///
  /// The end is left for ``end(atMost:)`` to take note of, which may be called at the same time.
  func failedByItself() -> Bool {
    var information = unsafe siginfo_t()
    while unsafe waitid(P_PID, id_t(pid), &information, WEXITED | WNOWAIT) != 0 {
      guard errno == EINTR else { return false }
    }
    return unsafe information.si_code != CLD_EXITED || information._sifields._sigchld.si_status != 0
  }

  /// Waits for its end; what does not end in time is killed.
  private func waitForEnd(atMost limit: Duration) {
    let deadline = ContinuousClock.now + limit
    while !hasEnded(WNOHANG) {
      guard ContinuousClock.now < deadline else {
        kill(pid, SIGKILL)
        while !hasEnded(0) {}
        return
      }
      poll(nil, 0, 10)
    }
  }

  private func hasEnded(_ options: Int32) -> Bool {
    var status: Int32 = 0
    let ended = unsafe waitpid(pid, &status, options)
    return ended == pid || (ended < 0 && errno != EINTR)
  }

  /// Spawns it with these as its descriptors 0, 1 and 2.
  private static func spawn(
    _ program: OwnProgram, _ arguments: [String], _ descriptors: [Int32]
  ) throws(SpawnFailure) -> pid_t {
    var actions = unsafe posix_spawn_file_actions_t()
    var attributes = posix_spawnattr_t()
    unsafe posix_spawn_file_actions_init(&actions)
    unsafe posix_spawnattr_init(&attributes)
    defer {
      unsafe posix_spawn_file_actions_destroy(&actions)
      unsafe posix_spawnattr_destroy(&attributes)
    }
    for (number, descriptor) in descriptors.enumerated() {
      unsafe posix_spawn_file_actions_adddup2(&actions, descriptor, Int32(number))
    }
    // The dashboard blocks signals for its own loop, and takes ctrl-c for itself: the program must not inherit that.
    var none = sigset_t()
    unsafe sigemptyset(&none)
    unsafe posix_spawnattr_setsigmask(&attributes, &none)
    unsafe posix_spawnattr_setpgroup(&attributes, 0)
    unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP))
    var pid: pid_t = 0
    let status = unsafe OwnProgram.withArguments([program.command] + arguments) { vector in
      unsafe posix_spawnp(&pid, program.command, &actions, &attributes, vector, environ)
    }
    guard status == 0 else { throw program.failure(status) }
    return pid
  }
}

/// Two ends that no other program inherits by accident.
struct Pipe {
  let readingEnd: Int32
  let writingEnd: Int32

  init() throws(SpawnFailure) {
    var ends: [Int32] = [0, 0]
    guard unsafe pipe(&ends) == 0 else { throw .making("a pipe") }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    (readingEnd, writingEnd) = (ends[0], ends[1])
  }
}
