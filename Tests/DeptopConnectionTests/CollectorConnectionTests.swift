import DeptopTestSupport
import DeptopWire
import FoundationEssentials
import Testing

@testable import DeptopConnection

@Suite(.timeLimit(.minutes(1)))
struct CollectorConnectionTests {
  private let directory: TemporaryDirectory

  init() throws {
    directory = try TemporaryDirectory()
  }

  private var path: String { directory.file("control.sock") }

  /// How asking for the health ends.
  private func error(patience: Duration = .seconds(20)) async -> CollectorError? {
    do throws(CollectorError) {
      _ = try await CollectorConnection(socketPath: path, patience: patience).get(API.health, as: Health.self)
      return nil
    } catch {
      return error
    }
  }

  private static func answer(_ status: String, _ body: String) -> String {
    "HTTP/1.1 \(status)\r\ncontent-length: \(body.utf8.count)\r\nconnection: close\r\n\r\n\(body)"
  }

  @Test func `a socket that is not there has no collector`() async throws {
    guard case .absent(let text) = await error() else {
      Issue.record("not absent")
      return
    }
    #expect(text == "no collector answers on \(path)")
  }

  @Test func `a socket that nobody serves has no collector`() async throws {
    do { _ = try ScriptedServer(path: path, answers: []) }
    guard case .absent(let text) = await error() else {
      Issue.record("not absent")
      return
    }
    #expect(text == "no collector answers on \(path)")
  }

  @Test func `what is no socket has no collector`() async throws {
    try directory.write("text", to: "control.sock")
    guard case .absent = await error() else {
      Issue.record("not absent")
      return
    }
  }

  @Test func `a directory that may not be entered is told apart`() async throws {
    // Root enters every directory, so that only the error itself can be tried.
    let mapped = CollectorError(IOErrorSample.permissionDenied, socketPath: path)
    #expect(mapped.description == "\(path) may not be connected to: permission denied")
    guard case .absent = mapped else {
      Issue.record("not absent")
      return
    }
  }

  @Test(arguments: [
    "", "HTTP/1.1 200 OK\r\ncontent-le", "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{\"status\":",
    "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{\"sta", "SSH-2.0-OpenSSH_9.2\r\n",
    "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzzz\r\n",
  ])
  func `an answer that ends too early or is none is a lost connection`(bytes: String) async throws {
    let server = try ScriptedServer(path: path, answers: [bytes])
    guard case .lost(let text) = await error() else {
      Issue.record("not lost")
      return
    }
    #expect(!text.contains("\n"))
    withExtendedLifetime(server) {}
  }

  @Test(arguments: [
    ("200 OK", "not JSON"), ("200 OK", "{}"), ("200 OK", ""), ("500 Internal Server Error", "<html>"),
    ("404 Not Found", ""), ("302 Found", "{\"code\":\"unheard\",\"message\":\"\",\"difference\":[]}"),
  ])
  func `an answer that is not understood is one clear error`(status: String, body: String) async throws {
    let server = try ScriptedServer(path: path, answers: [CollectorConnectionTests.answer(status, body)])
    guard case .unreadable(let text) = await error() else {
      Issue.record("not unreadable")
      return
    }
    #expect(text.contains(status.hasPrefix("200") ? API.health : status))
    withExtendedLifetime(server) {}
  }

  @Test func `a refusal arrives whole`() async throws {
    let refusal = Refusal(.changed, "the world has moved", difference: ["one", "two"])
    let body = String(decoding: try WireCoding().encode(refusal), as: UTF8.self)
    let server = try ScriptedServer(path: path, answers: [CollectorConnectionTests.answer("409 Conflict", body)])
    guard case .refused(let received) = await error() else {
      Issue.record("not refused")
      return
    }
    #expect(received == refusal)
    withExtendedLifetime(server) {}
  }

  @Test func `an answer is understood, also with fields that this version does not know`() async throws {
    let server = try ScriptedServer(
      path: path,
      answers: [CollectorConnectionTests.answer("200 OK", "{\"status\":\"ok\",\"version\":\"9\",\"mood\":{\"x\":[1]}}")]
    )
    #expect(await error() == nil)
    withExtendedLifetime(server) {}
  }

  @Test func `a collector that hangs is given up after a while`() async throws {
    let server = try ScriptedServer(path: path, answers: [nil])
    guard case .lost(let text) = await error(patience: .milliseconds(200)) else {
      Issue.record("not lost")
      return
    }
    #expect(text.contains("did not answer within"))
    withExtendedLifetime(server) {}
  }

  @Test func `a stream may be silent for longer than an answer may take`() async throws {
    let head = "HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n{\"a\":1}\n"
    let server = try ScriptedServer(path: path, answers: [head], closesAfter: .milliseconds(600))
    var lines: [String] = []
    try await CollectorConnection(socketPath: path, patience: .milliseconds(200)).lines("/v1/stream") { line in
      lines.append(String(decoding: line, as: UTF8.self))
    }
    #expect(lines == ["{\"a\":1}"])
    withExtendedLifetime(server) {}
  }

  @Test func `lines come in order, and what the reader throws ends the stream`() async throws {
    let body = (0..<1000).map { "{\"n\":\($0)}\n" }.joined()
    let server = try ScriptedServer(path: path, answers: [CollectorConnectionTests.answer("200 OK", body)])
    var lines: [String] = []
    do throws(CollectorError) {
      try await CollectorConnection(socketPath: path).lines("/v1/stream") { line in
        lines.append(String(decoding: line, as: UTF8.self))
        if lines.count == 500 { throw CollectorError.unreadable("enough") }
      }
      Issue.record("it went on")
    } catch {
      #expect(error.description == "enough")
    }
    #expect(lines == (0..<500).map { "{\"n\":\($0)}" })
    withExtendedLifetime(server) {}
  }

  @Test func `a request that is cancelled ends`() async throws {
    let server = try ScriptedServer(path: path, answers: [nil])
    let asking = Task { await error(patience: .seconds(600)) }
    try await waitUntil("it is asked") { server.requests == 1 }
    asking.cancel()
    guard case .lost = await asking.value else {
      Issue.record("not lost")
      return
    }
    withExtendedLifetime(server) {}
  }
}
