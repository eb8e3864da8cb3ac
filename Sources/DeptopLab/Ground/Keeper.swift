internal import Glibc

/// The parent of everything in a lab, and process 1 of the lab's PID namespace if it has one.
///
/// It takes in and forgets the orphans of the lab's processes, which the process that plays the lab therefore does not
/// have to tell from its own children. Its standard input is the lifeline: when that ends, the launcher is gone.
package struct Keeper {
  /// How long the lab may take to end in order before it is killed.
  package static let grace = Duration.seconds(4)

  package var directory: String
  /// The arguments of this program that play the lab.
  package var arguments: [String]

  package init(directory: String, arguments: [String]) {
    self.directory = directory
    self.arguments = arguments
  }

  /// Runs the lab until it ends or is to end, kills what is left of it, and answers its exit status.
  ///
  /// Removes the directory when the launcher is gone.
  package func run() throws(GroundError) -> Int32 {
    try Descendants.adoptOrphans()
    var watch = try EndWatch()
    let status = try play(&watch)
    Descendants.end(&watch)
    // As long as the launcher is there, that removes it, which may be allowed more outside of a user namespace.
    if watch.inputHasEnded { try LabDirectory.remove(directory) }
    return status
  }

  private func play(_ watch: inout EndWatch) throws(GroundError) -> Int32 {
    let nothing = try LabDescriptor.open("/dev/null", O_RDONLY)
    let lab = try start(nothing)
    var deadline: Deadline?
    while true {
      while case let ended = Descendants.nextEnd(), ended.pid > 0 {
        if ended.pid == lab.pid { return ended.status }
      }
      let news = watch.next(within: deadline == nil ? -1 : 100)
      if news == .end, deadline == nil {
        lab.signal(SIGTERM)
        deadline = Deadline(after: Self.grace)
      } else if let deadline, deadline.hasPassed {
        lab.signal(SIGKILL)
      }
    }
  }

  private func start(_ input: LabDescriptor) throws(GroundError) -> RunningChild {
    let program = try OwnProgram.path()
    do throws(StartRefusal) {
      return try ChildCommand(program, arguments, input: input.number).start()
    } catch {
      throw .system(program, code: error.code)
    }
  }
}
