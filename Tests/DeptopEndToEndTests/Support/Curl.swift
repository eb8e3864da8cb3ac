import DeptopTestSupport

/// Asks a collector by curl, as any script can.
struct Curl {
  /// What came back.
  struct Answer {
    var status: Int
    /// Header lines as they came.
    var headers: [String]
    var body: String
  }

  private let socketPath: String

  init(_ socketPath: String) {
    self.socketPath = socketPath
  }

  func get(_ path: String) async throws -> Answer {
    try await ask(path, [])
  }

  /// Sends a body by the method POST.
  func post(_ path: String, _ body: String) async throws -> Answer {
    try await ask(path, ["--data-binary", body])
  }

  /// Sends a body by the method PUT.
  func put(_ path: String, _ body: String) async throws -> Answer {
    try await ask(path, ["--request", "PUT", "--data-binary", body])
  }

  /// The first lines of a stream; curl is ended when it has written them.
  func lines(_ path: String, count: Int) async throws -> [String] {
    let directory = try TemporaryDirectory()
    let curl = try await ChildProcess.start(try command(path, ["--no-buffer"], output: directory.file("stream")))
    try await waitUntil("\(count) lines of \(path)") {
      guard !curl.hasExited else { throw TestFailure("\(path) ended: \(directory.read("stream"))") }
      return directory.read("stream").count { $0 == "\n" } >= count
    }
    try await curl.stop()
    return directory.read("stream").split(separator: "\n").prefix(count).map(String.init)
  }

  private func ask(_ path: String, _ options: [String]) async throws -> Answer {
    let directory = try TemporaryDirectory()
    let options = options + ["--dump-header", directory.file("headers")]
    // The exit status tells of a connection that failed, for which there is no answer: status 0.
    _ = try await ChildProcess.run(try command(path, options, output: directory.file("body")))
    let headers = directory.read("headers").split(whereSeparator: \.isNewline).map(String.init)
    let status = headers.first?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
    return Answer(status: status, headers: headers, body: directory.read("body"))
  }

  private func command(_ path: String, _ options: [String], output: String) throws -> ChildProcess.Command {
    ChildProcess.Command(
      [try Program.required("curl"), "--silent", "--unix-socket", socketPath] + options + ["http://d\(path)"],
      outputPath: output)
  }
}
