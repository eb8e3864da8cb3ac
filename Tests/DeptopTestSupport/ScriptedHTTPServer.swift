internal import DeptopBlocking
package import DeptopModel
internal import Glibc
internal import Synchronization

/// An HTTP server on loopback or a Unix socket that answers as a test says, right or wrong.
package final class ScriptedHTTPServer: Sendable {
  /// What a client sent.
  package struct Request: Sendable {
    package var method: String
    package var path: String
    /// Names in lower case.
    package var headers: [String: String]
    package var body: [UInt8]
    /// Which connection it came over, from 1.
    package var connection: Int
  }

  /// What the server does with a request.
  package enum Answer: Sendable {
    /// A whole answer with its length.
    case reply(status: Int, headers: [String] = [], body: [UInt8] = [])
    /// These bytes and nothing else, and then the end of the connection.
    case raw([UInt8])
    /// Nothing, for as long as the client stays.
    case silence

    package static func json(_ text: String, status: Int = 200) -> Answer {
      .reply(status: status, headers: ["Content-Type: application/json"], body: Array(text.utf8))
    }
  }

  private struct State {
    var connections: [Int32] = []
    var accepted = 0
    var requests: [Request] = []
    var ended = 0
  }

  /// nil for a Unix socket.
  package let address: SocketAddress?
  private let descriptor: Int32
  private let state = Mutex(State())

  private init(descriptor: Int32, address: SocketAddress?) {
    self.descriptor = descriptor
    self.address = address
  }

  deinit {
    shutdown(descriptor, Int32(SHUT_RDWR))
    state.withLock { for connection in $0.connections { shutdown(connection, Int32(SHUT_RDWR)) } }
  }

  /// `http://127.0.0.1:PORT`.
  package var url: String { "http://\(address.map(\.description) ?? "localhost")" }
  package var requests: [Request] { state.withLock { $0.requests } }
  /// Connections that were accepted so far.
  package var connections: Int { state.withLock { $0.accepted } }
  /// Connections that the client has left.
  package var endedConnections: Int { state.withLock { $0.ended } }

  /// Starts one; on a free port of 127.0.0.1, or at a path.
  package static func start(
    at path: String? = nil, _ answer: @escaping @Sendable (Request) -> Answer
  ) throws -> ScriptedHTTPServer {
    let family = path == nil ? AF_INET : AF_UNIX
    let descriptor = socket(family, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    let isBound = try path.map { try bindUnix(descriptor, $0) } ?? bindLoopback(descriptor)
    guard isBound, listen(descriptor, 16) == 0 else { throw TestFailure("cannot listen: error \(errno)") }
    let port = path == nil ? localPort(of: descriptor) : nil
    let address = port.map { SocketAddress(IPAddress(v4: 0x7f00_0001), port: $0) }
    let server = ScriptedHTTPServer(descriptor: descriptor, address: address)
    let thread = BlockingThread()
    thread.start { [weak server, thread] in
      withExtendedLifetime(thread) { accept(on: descriptor, for: { server }, answer) }
    }
    return server
  }

  private func add(_ connection: Int32) -> Int {
    state.withLock { state in
      state.connections.append(connection)
      state.accepted += 1
      return state.accepted
    }
  }

  private func end(_ connection: Int32) {
    state.withLock { state in
      state.connections.removeAll { $0 == connection }
      state.ended += 1
    }
  }

  private func note(_ request: Request) {
    state.withLock { $0.requests.append(request) }
  }
}

extension ScriptedHTTPServer {
  /// Accepts until the listening socket is shut down.
  private static func accept(
    on descriptor: Int32, for server: @Sendable () -> ScriptedHTTPServer?,
    _ answer: @escaping @Sendable (Request) -> Answer
  ) {
    while true {
      let connection = Glibc.accept(descriptor, nil, nil)
      guard connection >= 0, let number = server()?.add(connection) else {
        close(descriptor)
        return
      }
      let thread = BlockingThread()
      thread.start { [weak server = server(), thread] in
        withExtendedLifetime(thread) {
          serve(connection, number, note: { server?.note($0) }, answer)
          server?.end(connection)
          close(connection)
        }
      }
    }
  }

  private static func serve(
    _ connection: Int32, _ number: Int, note: (Request) -> Void, _ answer: (Request) -> Answer
  ) {
    var buffer: [UInt8] = []
    while let request = readRequest(connection, &buffer, number) {
      note(request)
      switch answer(request) {
      case .reply(let status, let headers, let body):
        let lines = ["HTTP/1.1 \(status) Scripted", "Content-Length: \(body.count)"] + headers
        send(connection, Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8) + body)
      case .raw(let bytes):
        send(connection, bytes)
        return
      case .silence:
        _ = readMore(connection, &buffer)
        return
      }
    }
  }

  private static func readRequest(_ connection: Int32, _ buffer: inout [UInt8], _ number: Int) -> Request? {
    let end = Array("\r\n\r\n".utf8)
    var range = buffer.firstRange(of: end)
    while range == nil {
      guard readMore(connection, &buffer) else { return nil }
      range = buffer.firstRange(of: end)
    }
    guard let head = range else { return nil }
    let lines = String(decoding: buffer[..<head.lowerBound], as: UTF8.self).split(separator: "\r\n")
    let words = lines[0].split(separator: " ")
    var headers: [String: String] = [:]
    for line in lines.dropFirst() {
      guard let colon = line.firstIndex(of: ":") else { continue }
      headers[line[..<colon].lowercased()] = String(line[line.index(after: colon)...].drop { $0 == " " })
    }
    let length = headers["content-length"].flatMap { Int($0) } ?? 0
    while buffer.count < head.upperBound + length {
      guard readMore(connection, &buffer) else { return nil }
    }
    let body = Array(buffer[head.upperBound..<head.upperBound + length])
    buffer.removeSubrange(..<(head.upperBound + length))
    return Request(
      method: String(words[0]), path: String(words.dropFirst().first ?? ""), headers: headers, body: body,
      connection: number)
  }

  private static func readMore(_ connection: Int32, _ buffer: inout [UInt8]) -> Bool {
    var chunk = [UInt8](repeating: 0, count: 65_536)
    let count = unsafe read(connection, &chunk, chunk.count)
    guard count > 0 else { return false }
    buffer += chunk[..<count]
    return true
  }

  private static func send(_ connection: Int32, _ bytes: [UInt8]) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = unsafe rest.withUnsafeBytes {
        unsafe Glibc.send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { return }
      rest = rest.dropFirst(count)
    }
  }
}

private func bindLoopback(_ descriptor: Int32) -> Bool {
  var name = sockaddr_in()
  name.sin_family = sa_family_t(AF_INET)
  name.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
  return unsafe withUnsafePointer(to: &name) { pointer in
    unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
      unsafe bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
    }
  }
}

private func bindUnix(_ descriptor: Int32, _ path: String) throws -> Bool {
  var name = sockaddr_un()
  name.sun_family = sa_family_t(AF_UNIX)
  let bytes = Array(path.utf8)
  guard bytes.count < 108 else { throw TestFailure("the path is too long for a socket: \(path)") }
  unsafe withUnsafeMutableBytes(of: &name.sun_path) { unsafe $0.copyBytes(from: bytes) }
  return unsafe withUnsafePointer(to: &name) { pointer in
    unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
      unsafe bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
    }
  }
}
