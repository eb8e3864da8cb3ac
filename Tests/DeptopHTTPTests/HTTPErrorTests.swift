import DeptopHTTP
import DeptopModel
import DeptopTestSupport
import Testing

@Suite(.timeLimit(.minutes(1))) struct HTTPErrorTests {
  private func error(_ request: HTTPRequest) async -> HTTPError? {
    do throws(HTTPError) {
      _ = try await HTTPClient().send(request)
      return nil
    } catch {
      return error
    }
  }

  private func error(_ url: String) async -> HTTPError? {
    await error(HTTPRequest(.get, url, timeout: .seconds(10)))
  }

  @Test func `a port that nobody listens on is unreachable`() async throws {
    let port = try FreePort.tcp(on: [IPAddress(v4: 0x7f00_0001)])
    let error = await error("http://127.0.0.1:\(port)/x")
    #expect(error?.kind == .unreachable && error?.phase == .connect)
    let text = "http://127.0.0.1:\(port)/x: failed to connect to 127.0.0.1 port \(port): Couldn't connect to server"
    #expect(error?.description == text, "the same failure is the same text each time")
  }

  @Test func `a path without a socket is unreachable`() async {
    var request = HTTPRequest(.get, "http://localhost/", timeout: .seconds(10))
    request.unixSocket = "/nonexistent/socket"
    #expect(await error(request)?.kind == .unreachable)
  }

  @Test(arguments: [
    "", "ftp://127.0.0.1/", "file:///etc/passwd", "http://127.0.0.1:99999/", "http://a b/", "http://[::1/",
  ])
  func `what is no HTTP URL is named so`(url: String) async {
    #expect(await error(url)?.kind == .badURL)
  }

  @Test func `neither credentials nor a query stand in an error`() async throws {
    let port = try FreePort.tcp(on: [IPAddress(v4: 0x7f00_0001)])
    let error = await error("http://ops:s3cret@127.0.0.1:\(port)/x?token=s3cret#s3cret")
    #expect(error?.url == "http://127.0.0.1:\(port)/x?…")
    #expect(error.map { "\($0)".contains("s3cret") } == false)
  }

  @Test(arguments: [("X-A", "1\r\nX-B: 2"), ("X A", "1"), ("", "1"), ("X-A:", "1"), ("X-A", "\u{0}")])
  func `a header of more than one line is refused`(name: String, value: String) async throws {
    let server = try ScriptedHTTPServer.start { _ in .json("{}") }
    var request = HTTPRequest(.get, server.url, timeout: .seconds(10))
    request.headers = [HTTPHeader(name, value)]
    #expect(await error(request)?.kind == .badURL)
    #expect(server.requests.isEmpty)
  }

  @Test(arguments: [
    "", "SSH-2.0-OpenSSH_9.2\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nnope",
  ])
  func `what is no whole HTTP answer is malformed`(bytes: String) async throws {
    let server = try ScriptedHTTPServer.start { _ in .raw(Array(bytes.utf8)) }
    let error = await error(server.url)
    #expect(error?.kind == .malformed, "\(String(describing: error))")
  }

  @Test func `a length that is announced beyond the limit is refused before it is read`() async throws {
    let server = try ScriptedHTTPServer.start { _ in
      .raw(Array("HTTP/1.1 200 OK\r\nContent-Length: 9999999999\r\n\r\n".utf8))
    }
    #expect(await error(server.url)?.kind == .tooLarge)
  }

  @Test func `a server that never shakes hands costs the timeout, in the handshake`() async throws {
    let server = try ScriptedHTTPServer.start { _ in .json("{}") }
    var request = HTTPRequest(.get, server.url.replacing("http:", with: "https:"), timeout: .milliseconds(300))
    request.reusesConnection = false
    let error = await error(request)
    #expect(error?.kind == .timeout && error?.phase == .tls, "\(String(describing: error))")
  }
}
