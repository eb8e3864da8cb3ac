internal import CLab
internal import DeptopBlocking
internal import Glibc

/// A network namespace and the thread that is in it, on which everything that concerns it is done.
///
/// A program that is started there is in the namespace, and is killed when this value is let go of, or when this
/// process ends. The namespace is gone with the last that uses it.
package final class LabSpace: Sendable {
  /// What it is for, as in `clients`.
  package let name: String
  private let descriptor: LabDescriptor?
  private let thread: BlockingThread

  private init(name: String, descriptor: LabDescriptor?, thread: BlockingThread) {
    self.name = name
    self.descriptor = descriptor
    self.thread = thread
  }

  /// The network namespace that this process is in already.
  package static func current(_ name: String) -> LabSpace {
    LabSpace(name: name, descriptor: nil, thread: BlockingThread())
  }

  /// A new one, which needs CAP_SYS_ADMIN; not even loopback is up in it.
  package static func make(_ name: String) async throws(GroundError) -> LabSpace {
    let thread = BlockingThread()
    let number = await thread.run { clab_network_new() }
    guard number >= 0 else { throw .system("no network namespace for the \(name)", code: -number) }
    return LabSpace(name: name, descriptor: LabDescriptor(number), thread: thread)
  }

  /// A path that programs of this PID namespace can open while this value is there; nil for ``current(_:)``.
  package var path: String? {
    descriptor.map { "/proc/\(getpid())/fd/\($0.number)" }
  }

  /// Runs a call on the thread that is in the namespace, such as one that makes a socket.
  package func run<Value: Sendable, Failure: Error>(
    _ work: @escaping @Sendable () throws(Failure) -> Value
  ) async throws(Failure) -> Value {
    try await thread.run(work)
  }

  /// Starts a program in the namespace.
  package func start(_ command: ChildCommand) async throws(GroundError) -> RunningChild {
    do throws(StartRefusal) {
      return try await thread.run { () throws(StartRefusal) in try command.start() }
    } catch {
      throw .system(command.program, code: error.code)
    }
  }
}

extension LabSpace {
  /// Writes a setting below `/proc/sys`, where `net` is that of the namespace.
  func set(_ setting: String, _ value: String) async throws(GroundError) {
    try await run { () throws(GroundError) in
      let code = try LabDescriptor.open("/proc/sys/\(setting)", O_WRONLY).write(Array(value.utf8))
      guard code == 0 else { throw .system("/proc/sys/\(setting)", code: code) }
    }
  }

  /// Runs a program of the system to its end and answers what it printed.
  @discardableResult
  func tool(_ tool: LabTool, _ arguments: [String], input: String = "") async throws(GroundError) -> String {
    try await run { () throws(GroundError) in try tool.run(arguments, input: input) }
  }
}
