internal import NIOCore
internal import NIOPosix

/// Asks a name server by UDP.
struct NameClient: Sendable {
  /// How long one answer is waited for, seconds, and how often is asked.
  static let timeout = 1.0
  static let tries = 2

  let server: SocketAddress
  let loop: any EventLoop

  /// Asks for a name's addresses.
  ///
  /// - Parameters:
  ///   - name: Without a dot at the end.
  ///   - deadline: When the caller gives up.
  /// - Returns: An answer with at least one address.
  /// - Throws: Why there is none.
  func ask(_ name: String, until deadline: Int64?) async throws(AttemptFailure) -> AddressAnswer {
    for _ in 0..<NameClient.tries {
      let end = Moment.earlier(deadline, LabClock.now + Moment.microseconds(NameClient.timeout))
      if let answer = try await askOnce(name, until: end) {
        if let problem = answer.problem { throw .unresolved("\(name): \(problem)") }
        return answer
      }
      if let deadline, LabClock.now >= deadline { throw .limit(.deadline) }
    }
    throw .limit(.dns)
  }

  /// nil when there was no answer in time.
  private func askOnce(_ name: String, until end: Int64?) async throws(AttemptFailure) -> AddressAnswer? {
    let question = AddressQuestion(id: .random(in: 0 ... .max), name: name)
    guard let packet = question.packet else { throw .unresolved("\(name) is no name") }
    let promise = loop.makePromise(of: AddressAnswer?.self)
    do {
      let channel = try await DatagramBootstrap(group: loop)
        .channelInitializer { channel in
          channel.eventLoop.makeCompletedFuture {
            try channel.pipeline.syncOperations.addHandler(AnswerReader(question: question, answer: promise))
          }
        }
        .connect(to: server).get()
      let timer = loop.scheduleTask(deadline: Moment.deadline(end ?? .max / 2000)) { promise.succeed(nil) }
      promise.futureResult.whenComplete { _ in
        timer.cancel()
        channel.close(promise: nil)
      }
      channel.writeAndFlush(packet).whenFailure { promise.fail($0) }
    } catch {
      promise.fail(error)
    }
    do {
      return try await promise.futureResult.get()
    } catch {
      throw .unresolved("\(name): \(AttemptFailure(connecting: error, over: .limit(.dns)).text)")
    }
  }
}

/// Waits for the datagram that answers a question.
private final class AnswerReader: ChannelInboundHandler {
  typealias InboundIn = AddressedEnvelope<ByteBuffer>

  private let question: AddressQuestion
  private let answer: EventLoopPromise<AddressAnswer?>

  init(question: AddressQuestion, answer: EventLoopPromise<AddressAnswer?>) {
    self.question = question
    self.answer = answer
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    if let read = question.answer(in: unwrapInboundIn(data).data) { answer.succeed(read) }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { answer.fail(error) }
}
