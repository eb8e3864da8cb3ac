import DeptopHTTP
import DeptopTestSupport
import Testing

@Suite(.timeLimit(.minutes(1))) struct HTTPClientTests {
  private let client = HTTPClient()

  private func request(_ server: ScriptedHTTPServer, _ path: String = "/x") -> HTTPRequest {
    HTTPRequest(.get, server.url + path, timeout: .seconds(10))
  }

  /// The error that a request ends in.
  private func error(_ request: HTTPRequest) async -> HTTPError? {
    do throws(HTTPError) {
      _ = try await client.send(request)
      return nil
    } catch {
      return error
    }
  }

  @Test func `an answer comes with status, content type, body and the time of each phase`() async throws {
    let server = try ScriptedHTTPServer.start { _ in .json("{}", status: 503) }
    let first = try await client.send(request(server))
    #expect(first.status == 503 && !first.isSuccess)
    #expect(first.contentType == "application/json" && first.body == Array("{}".utf8))
    let connect = try #require(first.phases.connect)
    let firstByte = try #require(first.phases.firstByte)
    #expect(first.phases.nameLookup != nil && first.phases.tls == nil)
    #expect(firstByte > .zero && connect + firstByte <= first.phases.total)
    let second = try await client.send(request(server))
    #expect(second.phases.connect == nil, "the connection is kept")
    #expect(server.connections == 1)
    var fresh = request(server)
    fresh.reusesConnection = false
    #expect(try await client.send(fresh).phases.connect != nil)
    #expect(server.connections == 2)
  }

  @Test(arguments: [HTTPMethod.post, .put])
  func `a body, headers and credentials reach the server`(method: HTTPMethod) async throws {
    let server = try ScriptedHTTPServer.start { _ in .reply(status: 204) }
    var request = request(server, "/a/../b%2F?q=1")
    request.method = method
    request.body = Array("{\"a\":1}".utf8)
    request.headers = [HTTPHeader("Content-Type", "application/json"), HTTPHeader("X-Empty", "")]
    request.credentials = HTTPCredentials(user: "ops", password: "a:b")
    #expect(try await client.send(request).status == 204)
    let seen = try #require(server.requests.first)
    #expect(seen.method == method.rawValue && seen.path == "/a/../b%2F?q=1" && seen.body == request.body)
    #expect(seen.headers["content-type"] == "application/json" && seen.headers["x-empty"] == "")
    #expect(seen.headers["authorization"] == "Basic b3BzOmE6Yg==")
    #expect(seen.headers["accept-encoding"] == "gzip" && seen.headers["origin"] == nil)
  }

  @Test func `a body without a content type is sent without one`() async throws {
    let server = try ScriptedHTTPServer.start { _ in .reply(status: 200) }
    var request = request(server)
    request.method = .post
    _ = try await client.send(request)
    #expect(server.requests.first?.headers["content-type"] == nil)
    #expect(server.requests.first?.headers["content-length"] == "0")
  }

  @Test func `a compressed body is decoded, and the limit counts what comes out`() async throws {
    // gzip of 5,000 times the letter a.
    let zipped: [UInt8] = GzipSample.fiveThousandLetters
    let server = try ScriptedHTTPServer.start { _ in
      .reply(status: 200, headers: ["Content-Encoding: gzip"], body: zipped)
    }
    var request = request(server)
    #expect(try await client.send(request).body == [UInt8](repeating: UInt8(ascii: "a"), count: 5000))
    request.bodyLimit = 4999
    let error = await error(request)
    #expect(error?.kind == .tooLarge && error?.reason == "the answer is larger than 4999 bytes")
    request.bodyLimit = 5000
    #expect(try await client.send(request).body.count == 5000, "the client is usable after a refusal")
  }

  @Test func `a redirect is an answer`() async throws {
    let server = try ScriptedHTTPServer.start { _ in .reply(status: 302, headers: ["Location: /elsewhere"]) }
    #expect(try await client.send(request(server)).status == 302)
    #expect(server.requests.count == 1)
  }

  @Test func `a Unix socket is spoken to instead of the host`() async throws {
    let directory = try TemporaryDirectory()
    let server = try ScriptedHTTPServer.start(at: directory.file("s")) { _ in .json("[]") }
    var request = HTTPRequest(.get, "http://localhost/x", timeout: .seconds(10))
    request.unixSocket = directory.file("s")
    #expect(try await client.send(request).body == Array("[]".utf8))
    #expect(server.requests.first?.headers["host"] == "localhost")
  }

  @Test func `a server that says nothing costs the timeout, and the error says where it was`() async throws {
    let server = try ScriptedHTTPServer.start { _ in .silence }
    var request = request(server)
    request.timeout = .milliseconds(150)
    let start = ContinuousClock.now
    let error = await error(request)
    #expect(error?.kind == .timeout && error?.phase == .answer)
    #expect(error?.reason == "no answer within 0.15 s (answer)")
    #expect(ContinuousClock.now - start < .seconds(5))
  }

  @Test func `a request that waits for an earlier one is timed out with it`() async throws {
    let server = try ScriptedHTTPServer.start { $0.path == "/slow" ? .silence : .json("{}") }
    var slow = request(server, "/slow")
    slow.timeout = .milliseconds(300)
    var queued = request(server)
    queued.timeout = .milliseconds(100)
    let (first, second) = (slow, queued)
    async let firstError = error(first)
    try await waitUntil("the first request is under way") { !server.requests.isEmpty }
    async let secondError = error(second)
    #expect(await firstError?.kind == .timeout)
    #expect(await secondError?.reason == "not sent within 0.1 s: an earlier request took that long")
  }

  @Test func `a cancelled task's request ends at once, and the next one is served`() async throws {
    let server = try ScriptedHTTPServer.start { $0.path == "/slow" ? .silence : .json("{}") }
    let slow = request(server, "/slow")
    let task = Task { await error(slow) }
    try await waitUntil("the request is under way") { !server.requests.isEmpty }
    let start = ContinuousClock.now
    task.cancel()
    #expect(await task.value?.kind == .cancelled)
    #expect(ContinuousClock.now - start < .milliseconds(500), "it does not wait for libcurl's next timer")
    #expect(try await client.send(request(server)).status == 200)
  }

  @Test func `a task that is cancelled before it sends reaches nobody`() async throws {
    let server = try ScriptedHTTPServer.start { _ in .json("{}") }
    let request = request(server)
    let task = Task {
      unsafe withUnsafeCurrentTask { unsafe $0?.cancel() }
      return await error(request)
    }
    #expect(await task.value?.kind == .cancelled)
    #expect(server.requests.isEmpty)
  }
}
