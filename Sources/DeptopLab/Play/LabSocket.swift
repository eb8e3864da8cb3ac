package import DeptopWire
internal import FoundationEssentials
internal import NIOCore
internal import NIOPosix

/// The socket on which a running lab is told what to do: one line of JSON each way.
package enum LabSocket {
  /// The longest request and the longest answer, in bytes.
  static let longestLine = 1 << 20

  /// Asks a lab for one thing and waits for its answer.
  package static func ask(_ request: LabRequest, at path: String) async throws -> LabAnswer {
    let channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
      .channelOption(.allowRemoteHalfClosure, value: true)
      .connect(unixDomainSocketPath: path) { lines($0) }
    return try await channel.executeThenClose { inbound, outbound in
      try await outbound.write(ByteBuffer(bytes: WireCoding().encodeLine(request)))
      guard let line = try await firstLine(of: inbound) else {
        throw GroundError.role("the lab closed the connection without an answer")
      }
      return try WireCoding().decode(LabAnswer.self, from: Data(line.readableBytesView))
    }
  }

  /// Answers requests until the task is cancelled.
  ///
  /// - Parameters:
  ///   - path: Where the socket is made.
  ///   - answer: Is called for each request; several at the same time.
  /// - Throws: When the socket cannot be made.
  static func serve(at path: String, _ answer: @escaping @Sendable (LabRequest) async -> LabAnswer) async throws {
    let server = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
      .childChannelOption(.allowRemoteHalfClosure, value: true)
      .bind(unixDomainSocketPath: path) { lines($0) }
    try await server.executeThenClose { peers in
      try await withThrowingDiscardingTaskGroup { group in
        for try await peer in peers { group.addTask { await reply(to: peer, answer) } }
      }
    }
  }

  private typealias Lines = NIOAsyncChannel<ByteBuffer, ByteBuffer>

  private static func lines(_ channel: any Channel) -> EventLoopFuture<Lines> {
    channel.eventLoop.makeCompletedFuture { try Lines(wrappingChannelSynchronously: channel) }
  }

  /// A peer that is gone, or that says nothing, costs its connection only.
  private static func reply(to peer: Lines, _ answer: @Sendable (LabRequest) async -> LabAnswer) async {
    do {
      try await peer.executeThenClose { inbound, outbound in
        guard let line = try await firstLine(of: inbound) else { return }
        let reply: LabAnswer
        do {
          reply = await answer(try WireCoding().decode(LabRequest.self, from: Data(line.readableBytesView)))
        } catch {
          reply = .refused("the request cannot be read: \(error)")
        }
        try await outbound.write(ByteBuffer(bytes: WireCoding().encodeLine(reply)))
      }
    } catch {
      // Nobody is left to be told.
    }
  }

  /// The bytes before the first line end; nil when there is none, or when it is too long.
  private static func firstLine(of inbound: NIOAsyncChannelInboundStream<ByteBuffer>) async throws -> ByteBuffer? {
    var line = ByteBuffer()
    for try await var bytes in inbound {
      line.writeBuffer(&bytes)
      if let end = line.readableBytesView.firstIndex(of: UInt8(ascii: "\n")) {
        return line.readSlice(length: end - line.readerIndex)
      }
      guard line.readableBytes <= longestLine else { return nil }
    }
    return nil
  }
}
