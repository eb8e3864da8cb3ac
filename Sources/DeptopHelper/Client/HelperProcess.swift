internal import CLinux
internal import DeptopBlocking
internal import DeptopKernel
internal import Glibc
internal import Synchronization

/// A running helper: ends when its socket is closed, and is waited for, so that it leaves nothing behind.
final class HelperProcess: Sendable {
  let pid: Int32
  private let exit: Exit

  private init(pid: Int32, exit: Exit) {
    self.pid = pid
    self.exit = exit
  }

  /// Ends it at once; for one that does not answer.
  func kill() { exit.kill(pid) }

  /// Starts the program with a socket as its standard input.
  ///
  /// - Throws: `absent` when it cannot be started.
  static func start(_ path: String, input: Int32) throws(HostAccessError) -> HelperProcess {
    var pid: Int32 = 0
    // In a process group of its own: what a terminal sends to the collector's group must not end the helper before the
    // collector is done with it.
    let status = unsafe clinux_start(path, input, &pid)
    guard status == 0 else { throw .absent("\(path) cannot be started: \(SystemError(number: -status))") }
    let exit = Exit()
    let started = pid
    // The thread ends with the program: nothing else is done on it.
    BlockingThread().start { exit.reap(started) }
    return HelperProcess(pid: pid, exit: exit)
  }
}

/// Guards a pid, which may be used again once the program was waited for.
private final class Exit: Sendable {
  private let isOver = Mutex(false)

  func kill(_ pid: Int32) {
    isOver.withLock { isOver in
      if !isOver { Glibc.kill(pid, SIGKILL) }
    }
  }

  func reap(_ pid: Int32) {
    var information = unsafe siginfo_t()
    while unsafe waitid(P_PID, id_t(pid), &information, WEXITED | WNOWAIT) != 0 && errno == EINTR {}
    isOver.withLock { isOver in
      var status: Int32 = 0
      unsafe waitpid(pid, &status, 0)
      isOver = true
    }
  }
}
