internal import CLab
internal import Glibc

/// A program to start, with the environment of this one.
package struct ChildCommand: Sendable {
  /// An absolute path.
  package var program: String
  /// Without the program's own name.
  package var arguments: [String]
  package var input: Int32
  package var output: Int32
  package var error: Int32
  /// True when it is to be killed when the thread that starts it ends.
  package var endsWithThread: Bool
  /// True for a session of its own: a terminal's signals do not reach it.
  package var leadsSession: Bool

  package init(
    _ program: String, _ arguments: [String], input: Int32, output: Int32 = STDOUT_FILENO,
    error: Int32 = STDERR_FILENO, endsWithThread: Bool = true, leadsSession: Bool = false
  ) {
    self.program = program
    self.arguments = arguments
    self.input = input
    self.output = output
    self.error = error
    self.endsWithThread = endsWithThread
    self.leadsSession = leadsSession
  }

  /// Starts it; it runs once this returns.
  package func start(_ isolation: Isolation = .none) throws(StartRefusal) -> RunningChild {
    let name = program.split(separator: "/").last.map(String.init) ?? program
    var line = unsafe ([name] + arguments).map { unsafe strdup($0) } + [nil]
    defer { unsafe line.forEach { unsafe free($0) } }
    var refusal = clab_refusal()
    var process: Int32 = -1
    let pid = unsafe line.withUnsafeMutableBufferPointer { line in
      unsafe program.withCString { program in
        var command = unsafe clab_command()
        unsafe command.program = program
        unsafe command.arguments = UnsafePointer(line.baseAddress)
        unsafe command.input = input
        unsafe command.output = output
        unsafe command.error = error
        unsafe command.parent_death_signal = endsWithThread ? SIGKILL : 0
        unsafe command.leads_session = leadsSession
        return unsafe clab_spawn(&command, isolation.raw, &process, &refusal)
      }
    }
    guard pid > 0 else {
      throw StartRefusal(step: StartRefusal.Step(rawValue: refusal.step) ?? .program, code: refusal.code)
    }
    return RunningChild(pid: pid, process: LabDescriptor(process))
  }

  /// Which namespaces it gets of its own.
  package enum Isolation: Sendable, Hashable, CaseIterable {
    case none
    /// Mount, network, PID and IPC, as a privileged account may make them.
    case privileged
    /// The same and a user namespace, in which the account is root.
    case user

    fileprivate var raw: clab_isolation {
      switch self {
      case .none: CLAB_ISOLATION_NONE
      case .privileged: CLAB_ISOLATION_PRIVILEGED
      case .user: CLAB_ISOLATION_USER
      }
    }
  }
}

/// A program that this process started and has not yet waited for.
package struct RunningChild: Sendable {
  package let pid: Int32
  /// Readable once it has ended.
  let process: LabDescriptor

  /// Sends a signal; never to another process, as the pid is not used.
  package func signal(_ number: Int32) {
    // One that has ended needs no signal.
    _ = clab_signal(process.number, number)
  }

  /// Holds the thread until it has ended; its exit status, or 128 and the number of the signal that ended it.
  package func wait() -> Int32 {
    clab_wait(process.number)
  }
}
