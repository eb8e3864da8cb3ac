import DeptopLab
import DeptopTestSupport
import Testing

@Suite struct HTTPUpstreamTests {
  private let directory: TemporaryDirectory
  private let address = FreshAddress.next()

  init() throws {
    directory = try TemporaryDirectory()
  }

  private func start(_ service: ServiceModel = .exactly(0)) async throws -> RunningServer {
    let spec = UpstreamSpec(
      name: "search-api", style: .http, addresses: [address], port: 8080, service: service,
      ledger: directory.file("ledger"))
    return try await RunningServer.start(spec) { input, output in
      try await UpstreamRole.run(input: input, output: output)
    }
  }

  private func connect() async throws -> LoopbackPeer {
    try await LoopbackPeer(address, port: 8080)
  }

  private var served: [String] {
    directory.read("ledger").split(separator: "\n").compactMap {
      if case .served(let line) = LedgerLine($0) { "\(line.id) \(line.outcome)" } else { nil }
    }
  }

  private func post(_ id: String, bytes: Int = 3) -> String {
    "POST / HTTP/1.1\r\nHost: lab\r\nX-Request-ID: \(id)\r\nContent-Length: \(bytes)\r\n\r\n"
      + String(repeating: "x", count: bytes)
  }

  /// The head of an answer, without its lines' ends.
  private func head(_ peer: LoopbackPeer) async throws -> [String] {
    var lines: [String] = []
    while let line = try await peer.line(), line != "\r" { lines.append(String(line.dropLast())) }
    return lines
  }

  @Test func `requests on one connection are answered with 64 bytes each`() async throws {
    let server = try await start()
    let peer = try await connect()
    for number in 0..<5 {
      try await peer.send(post("web-\(number).1", bytes: number * 1000))
      #expect(try await head(peer) == ["HTTP/1.1 200 OK", "Content-Length: 64"])
      #expect(try await peer.text(64) == String(repeating: ".", count: 64))
    }
    try await server.end()
    #expect(served == (0..<5).map { "web-\($0).1 ok" })
  }

  @Test func `an error is 503, and the connection stays`() async throws {
    let server = try await start(.exactly(0) { $0.errors = 1 })
    let peer = try await connect()
    for number in 0..<2 {
      try await peer.send(post("web-\(number).1"))
      #expect(try await head(peer) == ["HTTP/1.1 503 Service Unavailable", "Content-Length: 0"])
    }
    try await server.end()
    #expect(served == ["web-0.1 error", "web-1.1 error"])
  }

  @Test func `a ping is answered while every worker is busy`() async throws {
    let server = try await start(.exactly(600) { $0.workers = 1 })
    let (busy, pinging) = (try await connect(), try await connect())
    try await busy.send(post("web-1.1"))
    try await pinging.send("GET /ping HTTP/1.1\r\nHost: lab\r\n\r\n")
    #expect(try await head(pinging) == ["HTTP/1.1 204 No Content"])
    try await server.end()
  }

  @Test func `a client that leaves while its request is worked on has abandoned it`() async throws {
    let server = try await start(.exactly(0.5))
    let peer = try await connect()
    try await peer.send(post("web-1.1"))
    peer.end()
    try await waitUntil("it is in the ledger") { served == ["web-1.1 abandoned"] }
    try await server.end()
  }

  @Test(arguments: [
    ("POST / HTTP/1.1\r\nHost: lab\r\nContent-Length: 0\r\n\r\n", "HTTP/1.1 400 Bad Request"),
    ("POST / HTTP/1.1\r\nHost: lab\r\nX-Request-ID: a b\r\nContent-Length: 0\r\n\r\n", "HTTP/1.1 400 Bad Request"),
    ("GET /else HTTP/1.1\r\nHost: lab\r\n\r\n", "HTTP/1.1 404 Not Found"),
    ("nonsense\r\n\r\n", "HTTP/1.1 400 Bad Request"),
  ])
  func `what is no request of the lab is refused`(text: String, status: String) async throws {
    let server = try await start()
    let peer = try await connect()
    try await peer.send(text)
    #expect(try await head(peer).first == status)
    try await server.end()
    #expect(served.isEmpty)
  }

  @Test func `a connection that its client does not keep is closed after the answer`() async throws {
    let server = try await start()
    let peer = try await connect()
    try await peer.send("GET /ping HTTP/1.1\r\nHost: lab\r\nConnection: close\r\n\r\n")
    #expect(try await head(peer) == ["HTTP/1.1 204 No Content", "Connection: close"])
    #expect(try await peer.line() == nil)
    try await server.end()
  }

  @Test func `a body that is too large and a second request before the answer close the connection`() async throws {
    let server = try await start(.exactly(600))
    let large = try await connect()
    try await large.send("POST / HTTP/1.1\r\nHost: lab\r\nX-Request-ID: a\r\nTransfer-Encoding: chunked\r\n\r\n")
    await large.offer("200000\r\n" + String(repeating: "x", count: 0x110000))
    #expect(try await large.line() == nil)
    let eager = try await connect()
    try await eager.send(post("web-1.1") + post("web-2.1"))
    #expect(try await eager.line() == nil)
    try await server.end()
    #expect(served == ["web-1.1 abandoned"])
  }
}
