internal import DeptopBlocking
internal import FoundationEssentials
internal import Glibc

/// A process of the lab: an upstream, the name server, a client, the collector.
///
/// It gets one JSON line for each command on its standard input, which ends when this value is let go of; the process
/// is killed then.
package final class RoleProcess: Sendable {
  /// What it is called in messages.
  package let name: String
  package let pid: Int32
  private let child: RunningChild
  private let input: LabDescriptor
  private let writer = BlockingThread()
  private let watch: RoleWatch

  private init(name: String, child: RunningChild, input: LabDescriptor, watch: RoleWatch) {
    self.name = name
    self.pid = child.pid
    self.child = child
    self.input = input
    self.watch = watch
  }

  deinit {
    child.signal(SIGKILL)
  }

  /// Starts a program in a namespace of the lab.
  ///
  /// What it prints, on either output, is appended to the log file.
  package static func start(
    _ name: String, program: String, arguments: [String], in space: LabSpace, log path: String
  ) async throws(GroundError) -> RoleProcess {
    let log = try LabDescriptor.open(path, O_WRONLY | O_CREAT | O_APPEND)
    let (own, theirs) = try LabDescriptor.connection()
    let output = try LabDescriptor.pipe()
    let child = try await space.start(
      ChildCommand(
        program, arguments, input: theirs.number, output: output.writing.number, error: log.number))
    withExtendedLifetime((theirs, output.writing)) {}
    let watch = RoleWatch(child: child, output: output.reading, log: log)
    watch.start()
    return RoleProcess(name: name, child: child, input: own, watch: watch)
  }

  /// Tells it something, as one line of JSON.
  package func send(_ command: some Encodable) async throws(GroundError) {
    let line: [UInt8]
    do {
      line = try Array(JSONEncoder().encode(command)) + [UInt8(ascii: "\n")]
    } catch {
      throw .role("\(name) cannot be told: \(error)")
    }
    let input = input
    let code = await writer.run { input.send(line) }
    guard code == 0 else { throw .system("\(name) cannot be told", code: code) }
  }

  /// Waits until it has printed the line `ready`.
  package func ready(within limit: Duration = .seconds(15)) async throws(GroundError) {
    switch await watch.ready.value(within: limit) {
    case true?: return
    case false?: throw .role("\(name) ended before it served, see its log")
    case nil: throw .role("\(name) does not serve within \(limit)")
    }
  }

  /// Its exit status, or 128 and the number of the signal that ended it; nil while it runs.
  package var exitStatus: Int32? { watch.exit.current }

  /// Waits for its end; nil when the task is cancelled before.
  package func exit() async -> Int32? {
    await watch.exit.value()
  }

  package func signal(_ number: Int32) {
    child.signal(number)
  }

  /// Asks it to end, kills it when it takes longer, and waits for its end.
  @discardableResult
  package func end(within grace: Duration = .seconds(2)) async -> Int32? {
    child.signal(SIGTERM)
    if let status = await watch.exit.value(within: grace) { return status }
    return await kill()
  }

  /// Kills it and waits for its end.
  @discardableResult
  package func kill() async -> Int32? {
    child.signal(SIGKILL)
    return await watch.exit.value()
  }
}
