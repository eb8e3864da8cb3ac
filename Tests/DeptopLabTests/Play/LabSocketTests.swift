import DeptopTestSupport
import DeptopWire
import Glibc
import Testing

@testable import DeptopLab

@Suite struct LabSocketTests {
  /// Serves until the body is done.
  private func serving(
    _ answer: @escaping @Sendable (LabRequest) async -> LabAnswer,
    _ body: @escaping @Sendable (String) async throws -> Void
  ) async throws {
    let place = try TemporaryDirectory()
    let path = place.file("lab.sock")
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        do {
          try await LabSocket.serve(at: path, answer)
        } catch is CancellationError {
          // It serves until it is cancelled.
        }
      }
      try await waitUntil("the socket is there") { place.has("lab.sock") }
      try await body(path)
      group.cancelAll()
    }
  }

  @Test(arguments: [
    LabRequest.next, .play(scenario: "nat-silent"), .fault(words: ["router", "forget"]), .status, .stop,
  ])
  func `each request reaches the lab as it was made, and so does its answer`(request: LabRequest) async throws {
    try await serving({ .done("\($0)") }) { path in
      let answer = try await LabSocket.ask(request, at: path)
      #expect(answer == .done("\(request)"))
    }
  }

  @Test func `a refusal comes with its reason`() async throws {
    try await serving({ _ in .refused("there is no next scenario") }) { path in
      let answer = try await LabSocket.ask(.next, at: path)
      #expect(answer == .refused("there is no next scenario"))
    }
  }

  @Test func `one that waits for its answer keeps nobody else waiting`() async throws {
    let (asked, news) = AsyncStream.makeStream(of: Void.self)
    let (permission, give) = AsyncStream.makeStream(of: Void.self)
    let answer: @Sendable (LabRequest) async -> LabAnswer = { request in
      guard request == .next else { return .done("at once") }
      news.yield()
      for await _ in permission { break }
      return .done("later")
    }
    try await serving(answer) { path in
      async let slow = LabSocket.ask(.next, at: path)
      for await _ in asked { break }
      let answer = try await LabSocket.ask(.status, at: path)
      #expect(answer == .done("at once"))
      give.yield()
      let late = try await slow
      #expect(late == .done("later"))
    }
  }

  @Test(arguments: ["no JSON\n", "{\"jump\":{}}\n", "\n", "\u{0}\n"])
  func `what cannot be read is refused, and the next one is served`(text: String) async throws {
    try await serving({ _ in .done("yes") }) { path in
      let said = try await say(text, to: path)
      #expect(said.contains("the request cannot be read"), "\(said)")
      let answer = try await LabSocket.ask(.status, at: path)
      #expect(answer == .done("yes"))
    }
  }

  @Test func `who says nothing, or no end of a line, gets no answer and disturbs nobody`() async throws {
    try await serving({ _ in .done("yes") }) { path in
      for text in ["", "{\"status\":{}}"] {
        let said = try await say(text, to: path)
        #expect(said == "")
      }
      let answer = try await LabSocket.ask(.status, at: path)
      #expect(answer == .done("yes"))
    }
  }

  @Test func `a line without an end is not kept for ever`() async throws {
    try await serving({ _ in .done("yes") }) { path in
      let text = String(repeating: "x", count: LabSocket.longestLine + 2)
      let said = try await say(text, to: path)
      #expect(said == "")
      let answer = try await LabSocket.ask(.status, at: path)
      #expect(answer == .done("yes"))
    }
  }

  @Test func `without a lab it is said so`() async throws {
    let place = try TemporaryDirectory()
    await #expect(throws: (any Error).self) { try await LabSocket.ask(.status, at: place.file("lab.sock")) }
  }
}

/// Sends bytes by a program that knows nothing of the lab, ends its side, and answers what came back.
private func say(_ text: String, to path: String) async throws -> String {
  let place = try TemporaryDirectory()
  var command = ChildProcess.Command(
    ["/usr/bin/python3", "-c", speaker, path], outputPath: place.file("answer"))
  command.inputPath = try place.write(text, to: "text")
  _ = try await ChildProcess.run(command)
  return place.read("answer")
}

private let speaker = """
  import socket, sys
  s = socket.socket(socket.AF_UNIX)
  s.connect(sys.argv[1])
  try:
    s.sendall(sys.stdin.buffer.read())
    s.shutdown(socket.SHUT_WR)
    while more := s.recv(65536):
      sys.stdout.buffer.write(more)
  except (BrokenPipeError, ConnectionResetError):
    pass
  """
