internal import Glibc

/// Starts a lab in namespaces of its own, and leaves nothing behind when it ends, in whatever way.
///
/// It stays outside. It starts the ``Keeper``, process 1 of the lab's PID namespace, whose standard input is a pipe of
/// which this process alone has the other end: when this process is killed, the keeper reads the end and ends the lab.
/// When the keeper is killed, the kernel ends everything in the PID namespace. Both remove the directory.
package struct Launcher {
  /// Where the lab's directory is to be; nil for one of its own.
  package var directory: String?
  /// True when no namespaces are to be made.
  package var isLoopback: Bool
  /// What `deptop-lab inside` gets after its directory.
  package var arguments: [String]

  package init(directory: String?, isLoopback: Bool, arguments: [String]) {
    self.directory = directory
    self.isLoopback = isLoopback
    self.arguments = arguments
  }

  /// Runs the lab until it ends and answers its exit status.
  ///
  /// The end of the standard input, SIGTERM, SIGINT and SIGHUP end it; it has ``Keeper/grace`` to do so in order.
  package func run() throws(GroundError) -> Int32 {
    let directory = try LabDirectory.make(named: directory)
    let status: Result<Int32, GroundError>
    do throws(GroundError) {
      status = .success(try play(in: directory))
    } catch {
      status = .failure(error)
    }
    try LabDirectory.remove(directory)
    return try status.get()
  }

  private func play(in directory: String) throws(GroundError) -> Int32 {
    // Without a PID namespace nothing else ends what a keeper that was killed has left.
    try Descendants.adoptOrphans()
    var watch = try EndWatch()
    let lifeline = try LabDescriptor.pipe()
    let keeper = try start(in: directory, lifeline.reading)
    var deadline: Deadline?
    while !keeper.hasEnded {
      let news = watch.next(within: deadline == nil ? -1 : 100)
      if news == .end, deadline == nil {
        keeper.signal(SIGTERM)
        deadline = Deadline(after: Keeper.grace + .seconds(3))
      } else if let deadline, deadline.hasPassed {
        keeper.signal(SIGKILL)
      }
    }
    let status = withExtendedLifetime(lifeline.writing) { keeper.wait() }
    Descendants.end(&watch)
    return status
  }

  /// Starts the keeper in the best isolation that the host allows.
  private func start(in directory: String, _ lifeline: LabDescriptor) throws(GroundError) -> RunningChild {
    let program = try OwnProgram.path()
    var barrier = "loopback was asked for"
    if !isLoopback {
      let kinds: [ChildCommand.Isolation] = geteuid() == 0 ? [.user, .privileged] : [.user]
      var refusals: [StartRefusal] = []
      for kind in kinds {
        do throws(StartRefusal) {
          return try command(program, directory, lifeline, []).start(kind)
        } catch {
          refusals.append(error)
        }
      }
      barrier = refusals.first?.reason() ?? barrier
    }
    do throws(StartRefusal) {
      return try command(program, directory, lifeline, ["--barrier", barrier]).start()
    } catch {
      throw .system(program, code: error.code)
    }
  }

  private func command(
    _ program: String, _ directory: String, _ lifeline: LabDescriptor, _ barrier: [String]
  ) -> ChildCommand {
    let inside = ["inside", "--directory", directory] + barrier + arguments
    return ChildCommand(
      program, ["keep", "--directory", directory, "--"] + inside, input: lifeline.number, endsWithThread: false,
      leadsSession: true)
  }
}

extension RunningChild {
  /// True once it has ended, also before it is waited for.
  var hasEnded: Bool {
    var watched = pollfd(fd: process.number, events: Int16(POLLIN), revents: 0)
    return unsafe poll(&watched, 1, 0) > 0
  }
}
