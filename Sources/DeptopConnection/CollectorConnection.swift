internal import DeptopModel
internal import DeptopWire
package import FoundationEssentials
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix

/// Asks a collector over its Unix socket; each request has a connection of its own.
package struct CollectorConnection: Sendable {
  /// The largest answer and the longest line of a stream that is accepted, bytes.
  static let largestAnswer = 256 << 20

  package let socketPath: String
  /// How long a collector may take to answer; a stream only has to begin in that time.
  private let patience: Duration
  private let executor: ConnectionExecutor?

  /// Names a collector; nothing is connected yet.
  ///
  /// - Parameters:
  ///   - socketPath: The collector's control socket.
  ///   - patience: How long a collector may take to answer.
  ///   - executor: Where the asking task runs, whose thread then serves the connections too; nil for any.
  package init(socketPath: String, patience: Duration = .seconds(30), executor: ConnectionExecutor? = nil) {
    self.socketPath = socketPath
    self.patience = patience
    self.executor = executor
  }

  /// Asks for one value.
  package func get<Value: Decodable & Sendable>(_ path: String, as type: Value.Type) async throws(CollectorError)
    -> Value
  {
    try await exchange(.GET, path, body: nil, as: type)
  }

  /// Sends one value and asks for another.
  package func post<Value: Decodable & Sendable>(
    _ path: String, _ body: some Encodable, as type: Value.Type
  ) async throws(CollectorError) -> Value {
    let data: Data
    do {
      data = try WireCoding().encode(body)
    } catch {
      throw .unreadable("the request cannot be written: \(error)")
    }
    return try await exchange(.POST, path, body: data, as: type)
  }

  /// Puts a body that is JSON already, and asks for a value.
  package func put<Value: Decodable & Sendable>(
    _ path: String, json body: Data, as type: Value.Type
  ) async throws(CollectorError) -> Value {
    try await exchange(.PUT, path, body: body, as: type)
  }

  /// Asks for something to end.
  package func delete<Value: Decodable & Sendable>(
    _ path: String, as type: Value.Type
  ) async throws(CollectorError) -> Value {
    try await exchange(.DELETE, path, body: nil, as: type)
  }

  /// Follows a stream line by line, in order; returns when the collector ends it.
  ///
  /// The next line is read when `onLine` has returned, so a slow reader slows the collector's stream down to the
  /// latest state.
  package func lines(_ path: String, _ onLine: (Data) async throws -> Void) async throws(CollectorError) {
    try await request(.GET, path, body: nil, isStream: true) { head, parts in
      guard head.status == .ok else {
        throw try CollectorConnection.refusal(head, await CollectorConnection.collect(&parts))
      }
      var splitter = LineSplitter(limit: CollectorConnection.largestAnswer)
      while let part = try await parts.next(isolation: #isolation) {
        guard case .body(let buffer) = part else { continue }
        for line in try splitter.take(buffer.readableBytesView) { try await onLine(line) }
      }
    }
  }

  private func exchange<Value: Decodable & Sendable>(
    _ method: HTTPMethod, _ path: String, body: Data?, as type: Value.Type
  ) async throws(CollectorError) -> Value {
    try await request(method, path, body: body) { head, parts in
      let data = try await CollectorConnection.collect(&parts)
      guard head.status == .ok else { throw try CollectorConnection.refusal(head, data) }
      do {
        return try WireCoding().decode(type, from: data)
      } catch {
        throw CollectorError.unreadable("the collector's answer to \(path) is not understood: \(error)")
      }
    }
  }

  private typealias Parts = NIOAsyncChannelInboundStream<HTTPClientResponsePart>.AsyncIterator

  private func request<Value: Sendable>(
    _ method: HTTPMethod, _ path: String, body: Data?, isStream: Bool = false,
    _ consume: (HTTPResponseHead, inout Parts) async throws -> Value
  ) async throws(CollectorError) -> Value {
    do {
      let channel = try await connect()
      let limit = limit(on: channel.channel)
      defer { limit.cancel() }
      return try await channel.executeThenClose { inbound, outbound in
        var head = HTTPRequestHead(version: .http1_1, method: method, uri: path)
        head.headers = ["host": "deptop", "connection": "close"]
        if let body { head.headers.add(name: "content-length", value: "\(body.count)") }
        let content = body.map { [HTTPClientRequestPart.body(.byteBuffer(ByteBuffer(bytes: $0)))] } ?? []
        // At once: a collector that answers and closes before the last part is written would make that fail.
        try await outbound.write(contentsOf: [.head(head)] + content + [.end(nil)])
        var parts = inbound.makeAsyncIterator()
        guard case .head(let answer) = try await parts.next(isolation: #isolation) else {
          throw CollectorError.lost("the collector closed the connection without an answer")
        }
        if isStream { limit.cancel() }
        return try await consume(answer, &parts)
      }
    } catch {
      throw CollectorError(error, socketPath: socketPath)
    }
  }

  /// A collector that hangs closes nothing: the connection is given up when the patience is over.
  private func limit(on channel: any Channel) -> Scheduled<Void> {
    let late = CollectorError.lost("the collector on \(socketPath) did not answer within \(Int(patience.seconds)) s")
    return channel.eventLoop.scheduleTask(in: TimeAmount(patience)) {
      channel.pipeline.fireErrorCaught(late)
      channel.close(promise: nil)
    }
  }

  private func connect() async throws -> NIOAsyncChannel<HTTPClientResponsePart, HTTPClientRequestPart> {
    try await ClientBootstrap(group: executor?.loop ?? MultiThreadedEventLoopGroup.singleton)
      .connect(unixDomainSocketPath: socketPath) { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHTTPClientHandlers()
          return try NIOAsyncChannel(wrappingChannelSynchronously: channel)
        }
      }
  }

  private static func collect(_ parts: inout Parts) async throws -> Data {
    var data = Data()
    while let part = try await parts.next(isolation: #isolation) {
      guard case .body(let buffer) = part else { continue }
      data.append(contentsOf: buffer.readableBytesView)
      guard data.count <= largestAnswer else {
        throw CollectorError.unreadable("the collector's answer has more than \(largestAnswer) bytes")
      }
    }
    return data
  }

  private static func refusal(_ head: HTTPResponseHead, _ data: Data) throws -> CollectorError {
    do {
      return .refused(try WireCoding().decode(Refusal.self, from: data))
    } catch {
      return .unreadable("the collector answered \(head.status.code) \(head.status.reasonPhrase)")
    }
  }
}
