internal import FoundationEssentials
internal import Glibc
internal import Synchronization

@testable internal import DeptopClient

/// One request as it arrived.
struct ScriptedRequest: Sendable {
  var method: String
  var path: String
  var body: Data

  /// nil while it is not complete.
  init?(_ received: [UInt8]) {
    let end = Array("\r\n\r\n".utf8)
    guard let start = received.indices.first(where: { received[$0...].starts(with: end) }) else { return nil }
    let lines = String(decoding: received[..<start], as: UTF8.self).split(separator: "\r\n")
    let length = lines.first { $0.hasPrefix("content-length: ") }.flatMap { Int($0.dropFirst(16)) } ?? 0
    guard received.count >= start + 4 + length, let words = lines.first?.split(separator: " ") else { return nil }
    (method, path) = (String(words[0]), String(words[1]))
    body = Data(received[(start + 4)..<(start + 4 + length)])
  }
}

/// What a scripted collector does on one connection.
enum ScriptedAnswer: Sendable {
  /// Sends bytes and closes.
  case send([UInt8])
  /// Sends bytes and holds the connection open until the collector stops.
  case sendAndHold([UInt8])
  /// Sends bytes over and over until the other side closes.
  case flood([UInt8])

  /// An answer with a body, by default the receipt of a report.
  static func http(
    _ status: Int = 200, _ body: String = #"{"accepted":1,"refused":[],"staleAfterSeconds":5}"#
  ) -> Self {
    .send(Array("HTTP/1.1 \(status) X\r\ncontent-length: \(body.utf8.count)\r\n\r\n\(body)".utf8))
  }

  /// A stream of commands that stays open.
  static func commands(_ lines: [String]) -> Self {
    let chunks = lines.map { "\(String($0.utf8.count + 1, radix: 16))\r\n\($0)\n\r\n" }.joined()
    return .sendAndHold(Array("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n\(chunks)".utf8))
  }
}

/// A Unix socket whose answers are scripted.
final class ScriptedCollector: Sendable {
  typealias Script = @Sendable (ScriptedRequest) -> ScriptedAnswer

  private struct State {
    var requests: [ScriptedRequest] = []
  }

  let path: String
  private let script: Script
  private let unread: [UInt8]?
  private let listener: Int32
  private let state = Mutex(State())
  private let news = Wakeup()
  private let stopped = Wakeup()
  private let done = Wakeup()

  /// Listens at a path.
  ///
  /// - Parameters:
  ///   - path: Where the socket is made.
  ///   - unread: When given it is sent to whoever connects, and nothing is ever read.
  ///   - script: What is answered to a request.
  init(path: String, answeringUnread unread: [UInt8]? = nil, script: @escaping Script = { _ in .http() }) {
    self.path = path
    self.script = script
    self.unread = unread
    unsafe unlink(path)
    listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: Array(path.utf8)) }
    let listener = listener
    unsafe withUnsafePointer(to: &address) { pointer in
      _ = unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe bind(listener, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    listen(listener, 64)
    _ = ClientThread.start("collector") { [self] in accept() }
  }

  var requests: [ScriptedRequest] { state.withLock { $0.requests } }

  /// Waits for a request that is looked for; nil when none came within 20 s.
  func request(where isLookedFor: (ScriptedRequest) -> Bool) -> ScriptedRequest? {
    requests(1, where: isLookedFor).first
  }

  /// Waits until there are so many requests that are looked for, at most 20 s.
  func requests(_ count: Int, where isLookedFor: (ScriptedRequest) -> Bool = { _ in true }) -> [ScriptedRequest] {
    let deadline = MonotonicClock.deadline(in: .seconds(20))
    while true {
      let found = requests.filter(isLookedFor)
      if found.count >= count || MonotonicClock.millisecondsLeft(to: deadline) == 0 { return found }
      news.wait(for: .seconds(1))
      _ = news.clear()
    }
  }

  /// Closes everything, and takes the socket away.
  func stop() {
    stopped.set()
    done.wait(for: .seconds(5))
    unsafe unlink(path)
  }

  private func accept() {
    while isReady(listener) {
      let connection = Glibc.accept(listener, nil, nil)
      guard connection >= 0 else { continue }
      let isStarted = ClientThread.start("connection") { [self] in
        serve(connection)
        close(connection)
      }
      if !isStarted { close(connection) }
    }
    close(listener)
    done.set()
  }

  private func serve(_ connection: Int32) {
    if let unread {
      _ = send(unread, on: connection)
      stopped.wait(for: .seconds(60))
      return
    }
    guard let request = readRequest(connection) else { return }
    let answer = script(request)
    state.withLock { $0.requests.append(request) }
    news.set()
    switch answer {
    case .send(let bytes): _ = send(bytes, on: connection)
    case .sendAndHold(let bytes):
      _ = send(bytes, on: connection)
      // Until the other side closes, or this one stops.
      while !receive(connection).isEmpty {}
    case .flood(let bytes):
      while !stopped.isSet, send(bytes, on: connection) {}
    }
  }

  private func readRequest(_ connection: Int32) -> ScriptedRequest? {
    var received: [UInt8] = []
    while true {
      if let request = ScriptedRequest(received) { return request }
      let bytes = receive(connection)
      guard !bytes.isEmpty else { return nil }
      received += bytes
    }
  }

  private func receive(_ connection: Int32) -> [UInt8] {
    guard isReady(connection) else { return [] }
    var buffer = [UInt8](repeating: 0, count: 65_536)
    let count = unsafe recv(connection, &buffer, buffer.count, 0)
    return Array(buffer.prefix(max(0, count)))
  }

  private func send(_ bytes: [UInt8], on connection: Int32) -> Bool {
    var sent = 0
    while sent < bytes.count {
      let count = unsafe bytes.withUnsafeBytes { buffer in
        unsafe Glibc.send(connection, buffer.baseAddress?.advanced(by: sent), buffer.count - sent, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { return false }
      sent += count
    }
    return true
  }

  /// Waits until there is something to read; false when the collector stops.
  private func isReady(_ descriptor: Int32) -> Bool {
    while !stopped.isSet {
      var waits = [
        pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
        pollfd(fd: stopped.descriptor, events: Int16(POLLIN), revents: 0),
      ]
      _ = unsafe poll(&waits, 2, 1_000)
      if waits[0].revents != 0 { return !stopped.isSet }
    }
    return false
  }
}
