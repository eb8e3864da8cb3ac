internal import NIOCore
internal import NIOPosix
internal import Synchronization

/// A name server on loopback that answers every question by the same addresses.
final class ScriptedNames: Sendable {
  private struct State {
    var addresses: [String]
    var timeToLive: UInt32 = 3_600
    var code: UInt8 = 0
    var isSilent = false
    var questions = 0
  }

  private let state: Mutex<State>
  private let socket = Mutex<(any Channel)?>(nil)

  private init(_ addresses: [String]) { state = Mutex(State(addresses: addresses)) }

  static func start(_ addresses: [String]) async throws -> ScriptedNames {
    let names = ScriptedNames(addresses)
    let channel = try await DatagramBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(Answerer(names)) }
      }
      .bind(host: "127.0.0.1", port: 0).get()
    names.socket.withLock { $0 = channel }
    return names
  }

  var port: UInt16 { UInt16(clamping: socket.withLock { $0?.localAddress?.port } ?? 0) }
  var questions: Int { state.withLock { $0.questions } }

  func answer(_ addresses: [String], timeToLive: UInt32 = 3_600, code: UInt8 = 0) {
    state.withLock { ($0.addresses, $0.timeToLive, $0.code) = (addresses, timeToLive, code) }
  }

  func beSilent() { state.withLock { $0.isSilent = true } }

  fileprivate func answer(to question: [UInt8]) -> [UInt8]? {
    state.withLock { state in
      state.questions += 1
      guard !state.isSilent, question.count > 12 else { return nil }
      var answer = question
      answer[2] = 0x84
      answer[3] = state.code
      answer[7] = UInt8(state.addresses.count)
      for address in state.addresses {
        let time = (0..<4).map { UInt8(truncatingIfNeeded: state.timeToLive >> UInt32(24 - 8 * $0)) }
        answer += [0xc0, 12, 0, 1, 0, 1] + time + [0, 4] + address.split(separator: ".").compactMap { UInt8($0) }
      }
      return answer
    }
  }
}

private final class Answerer: ChannelInboundHandler {
  typealias InboundIn = AddressedEnvelope<ByteBuffer>
  typealias OutboundOut = AddressedEnvelope<ByteBuffer>

  private let names: ScriptedNames

  init(_ names: ScriptedNames) { self.names = names }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let question = unwrapInboundIn(data)
    guard let answer = names.answer(to: Array(question.data.readableBytesView)) else { return }
    let envelope = AddressedEnvelope(remoteAddress: question.remoteAddress, data: ByteBuffer(bytes: answer))
    context.writeAndFlush(wrapOutboundOut(envelope), promise: nil)
  }
}
