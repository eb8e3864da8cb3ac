package import DeptopDashboard
internal import DeptopWire
internal import Glibc

/// A lab that was started here and ends with this process.
package struct LabProcess: Sendable {
  private let program: SpawnedProgram
  /// The reading end of its standard output.
  private let output: Int32
  private let log: HiddenFile

  /// Where a lab that serves is reached, and what it had told by then.
  package struct Ready: Sendable {
    package var controlSocket: String
    package var labSocket: String
    var inputs: [DashboardInput]
    var reader: LabEventReader
  }

  /// Starts `deptop-lab run` with these arguments.
  ///
  /// - Throws: ``SpawnFailure``, with nothing started.
  package init(_ program: OwnProgram, _ arguments: [String]) throws(SpawnFailure) {
    log = try HiddenFile()
    let pipe = try Pipe()
    defer { close(pipe.writingEnd) }
    do throws(SpawnFailure) {
      self.program = try SpawnedProgram(
        program, ["run"] + arguments, output: pipe.writingEnd, log: log.descriptor)
    } catch {
      close(pipe.readingEnd)
      throw error
    }
    output = pipe.readingEnd
  }

  /// Waits until everything of the lab is up.
  ///
  /// - Throws: ``LabError``, with the lab's own reason where it gave one.
  package func waitUntilReady(atMost limit: Duration) throws(LabError) -> Ready {
    let deadline = ContinuousClock.now + limit
    var reader = LabEventReader()
    var inputs: [DashboardInput] = []
    while true {
      let left = max(.zero, ContinuousClock.now.duration(to: deadline))
      var readable = pollfd(fd: output, events: Int16(POLLIN), revents: 0)
      let count = unsafe poll(&readable, 1, Int32(left / .milliseconds(1)))
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { throw .lost(told("the lab was not ready within \(limit.components.seconds) s")) }
      guard let bytes = read() else { throw .lost(told("the lab ended before it was ready")) }
      var ready: Ready?
      for case .event(let event) in reader.take(bytes) {
        switch event {
        case .ready(let controlSocket, let labSocket):
          ready = Ready(controlSocket: controlSocket, labSocket: labSocket, inputs: [], reader: reader)
        case .failed(let reason): throw .lost("the lab cannot start: \(reason)")
        default: if let input = event.input { inputs.append(input) }
        }
      }
      guard var ready else { continue }
      (ready.inputs, ready.reader) = (inputs, reader)
      return ready
    }
  }

  /// Hands over every event until the lab ends, and then says why; blocks for as long.
  package func follow(from ready: Ready, _ post: (DashboardInput) -> Void) {
    var reader = ready.reader
    var hasFailed = false
    for input in ready.inputs { post(input) }
    while let bytes = read() {
      for line in reader.take(bytes) {
        switch line {
        case .event(let event):
          if case .failed = event { hasFailed = true }
          if let input = event.input { post(input) }
        case .unreadable(let text): post(.noticed("the lab says what is no event: \(text)", .problem))
        }
      }
    }
    guard !hasFailed else { return }
    post(.labEnded(reason: program.failedByItself() ? told("it ended by a failure") : "it was stopped"))
  }

  /// Ends the lab, and waits until it has removed what it made.
  ///
  /// Its output and its log stay open until this process ends: another thread may still follow them.
  package func stop() { program.end(atMost: .seconds(15)) }

  /// The next bytes of its output; nil at the end.
  private func read() -> ArraySlice<UInt8>? {
    var buffer = [UInt8](repeating: 0, count: 4_096)
    while true {
      let count = unsafe Glibc.read(output, &buffer, buffer.count)
      if count < 0 && errno == EINTR { continue }
      return count > 0 ? buffer.prefix(count) : nil
    }
  }

  /// A sentence with what the lab itself wrote last.
  private func told(_ sentence: String) -> String {
    let lines = log.lastLines(3)
    return lines.isEmpty ? sentence : sentence + ": " + lines.joined(separator: " / ")
  }
}
