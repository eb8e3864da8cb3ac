internal import Glibc
internal import NIOCore
internal import Synchronization

/// One connection to an upstream, with the ends that the kernel sees.
struct LabConnection: Sendable {
  /// Its number in its pool, which no other one ever has.
  typealias ID = Int

  let id: ID
  let channel: any Channel
  let localAddress: String
  let localPort: UInt16
  let remoteAddress: String
  let remotePort: UInt16

  init(_ channel: any Channel, id: ID) {
    self.id = id
    self.channel = channel
    localAddress = channel.localAddress?.ipAddress ?? "-"
    localPort = UInt16(clamping: channel.localAddress?.port ?? 0)
    remoteAddress = channel.remoteAddress?.ipAddress ?? "-"
    remotePort = UInt16(clamping: channel.remoteAddress?.port ?? 0)
  }

  var isOpen: Bool { channel.isActive }

  func close() { channel.close(promise: nil) }

  /// Sends a message and waits for its answer.
  ///
  /// - Parameters:
  ///   - message: What is sent.
  ///   - end: When the answer is no longer waited for; nil means never.
  ///   - late: Takes what becomes of the message when it is no longer waited for, which then stays on the connection;
  ///     without it the connection is closed.
  /// - Returns: The answer, or how there came to be none; nil when the time was over.
  func exchange(
    _ message: Exchange.Message, until end: Int64?,
    late: (@Sendable (Result<ExchangeAnswer, AttemptFailure>) -> Void)? = nil
  ) async -> Result<ExchangeAnswer, AttemptFailure>? {
    let result = await withCheckedContinuation { continuation in
      send(message, until: end, late: late) { continuation.resume(returning: $0) }
    }
    return result
  }

  private func send(
    _ message: Exchange.Message, until end: Int64?,
    late: (@Sendable (Result<ExchangeAnswer, AttemptFailure>) -> Void)?,
    done: @escaping @Sendable (Result<ExchangeAnswer, AttemptFailure>?) -> Void
  ) {
    let promise = channel.eventLoop.makePromise(of: ExchangeAnswer.self)
    let turn = FirstOnly()
    let timer = end.map { end in
      channel.eventLoop.scheduleTask(deadline: Moment.deadline(end)) {
        guard turn.take() else { return }
        if late == nil { close() }
        done(nil)
      }
    }
    promise.futureResult.whenComplete { result in
      let result = result.mapError(AttemptFailure.init(on:))
      guard turn.take() else {
        late?(result)
        return
      }
      timer?.cancel()
      done(result)
    }
    channel.writeAndFlush(Exchange(message: message, answer: promise)).whenFailure { promise.fail($0) }
  }
}

/// Lets the first of several that race through.
final class FirstOnly: Sendable {
  private let isTaken = Atomic<Bool>(false)

  /// True for whoever is first.
  func take() -> Bool { !isTaken.exchange(true, ordering: .acquiringAndReleasing) }
}

extension AttemptFailure {
  /// An error on a connection that was made.
  init(on error: any Error) {
    let code = (error as? IOError)?.errnoCode
    self = code == ECONNRESET || code == EPIPE ? .reset : .closed
  }

  /// An error while a connection was made; `over` is what it is when the time was over.
  init(connecting error: any Error, over: AttemptFailure) {
    switch error {
    case ChannelError.connectTimeout: self = over
    case let error as IOError: self = .unconnected(unsafe String(cString: strerror(error.errnoCode)))
    default: self = .unconnected("\(error)")
    }
  }
}
