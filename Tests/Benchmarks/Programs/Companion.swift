internal import Glibc

/// A program that runs beside a measurement and ends with it.
///
/// Its standard input is a pipe from this process: when that closes, in whatever way this process ends, it ends too.
final class Companion {
  let pid: pid_t
  private var input: Pipe
  private var output: Pipe
  /// What was read of its output, and not asked for yet.
  private var unread: [UInt8] = []

  /// Starts a program that ends when its standard input does.
  ///
  /// - Parameters:
  ///   - arguments: The program's path and its arguments.
  ///   - errorPath: Receives what it complains about; nil for the error output of this program.
  /// - Throws: ``BenchmarkFailure`` when it does not start.
  init(_ arguments: [String], errorPath: String? = nil) throws(BenchmarkFailure) {
    input = try Pipe()
    output = try Pipe()
    pid = try Launch(
      arguments: arguments, environment: ["PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "LC_ALL": "C.UTF-8"],
      standardStreams: .descriptors(input: input.readingEnd, output: output.writingEnd, errorPath: errorPath)
    ).start()
    // Held by the program alone, so that its end shows.
    output.closeWritingEnd()
  }

  deinit {
    input.closeWritingEnd()
    waitForEnd(atMost: .seconds(5))
  }

  /// Waits for the program's first output, which says that it is ready.
  func waitUntilReady(within limit: Duration = .seconds(30)) throws(BenchmarkFailure) {
    var ready = pollfd(fd: output.readingEnd, events: Int16(POLLIN), revents: 0)
    var byte: UInt8 = 0
    guard unsafe poll(&ready, 1, CInt(limit / .milliseconds(1))) == 1, unsafe read(output.readingEnd, &byte, 1) == 1
    else {
      throw BenchmarkFailure("process \(pid) did not become ready within \(limit)")
    }
  }

  /// The next line of its output, without the line's end.
  ///
  /// - Returns: nil when none came in time.
  /// - Throws: ``BenchmarkFailure`` when its output has ended.
  func nextLine(within limit: Duration) throws(BenchmarkFailure) -> String? {
    let deadline = ContinuousClock.now + limit
    while true {
      if let end = unread.firstIndex(of: UInt8(ascii: "\n")) {
        defer { unread.removeFirst(end + 1) }
        return String(decoding: unread[..<end], as: UTF8.self)
      }
      let left = max(0, ContinuousClock.now.duration(to: deadline) / .milliseconds(1))
      var state = pollfd(fd: output.readingEnd, events: Int16(POLLIN), revents: 0)
      guard unsafe poll(&state, 1, CInt(left)) > 0 else { return nil }
      var bytes = [UInt8](repeating: 0, count: 4096)
      let count = unsafe read(output.readingEnd, &bytes, bytes.count)
      guard count > 0 else { throw BenchmarkFailure("process \(pid) has ended") }
      unread += bytes[..<count]
    }
  }

  /// The program holds the only writing end of its output: its end shows at the reading end.
  private func waitForEnd(atMost limit: Duration) {
    let deadline = ContinuousClock.now + limit
    var hasEnded = false
    while !hasEnded, ContinuousClock.now < deadline {
      var state = pollfd(fd: output.readingEnd, events: Int16(POLLIN), revents: 0)
      var bytes = [UInt8](repeating: 0, count: 4096)
      guard unsafe poll(&state, 1, CInt(max(1, ContinuousClock.now.duration(to: deadline) / .milliseconds(1)))) > 0
      else { continue }
      hasEnded = unsafe read(output.readingEnd, &bytes, bytes.count) == 0
    }
    if !hasEnded { kill(pid, SIGKILL) }
    var status: CInt = 0
    while unsafe waitpid(pid, &status, 0) < 0, errno == EINTR {}
  }
}
