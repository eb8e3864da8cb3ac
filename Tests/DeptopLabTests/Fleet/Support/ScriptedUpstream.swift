internal import NIOCore
internal import NIOPosix
internal import Synchronization

@testable internal import DeptopLab

/// A small upstream on loopback that speaks lines and does as it is told.
final class ScriptedUpstream: Sendable {
  enum Behaviour: Sendable, Hashable {
    case answers, errors
    /// Reads and keeps its answers until ``ScriptedUpstream/release()``.
    case holds
    /// Closes the connection instead of answering.
    case closes
    /// Answers nothing, not even pings.
    case isDeaf
  }

  struct State: Sendable {
    var behaviour = Behaviour.answers
    /// What the next requests get, before the behaviour counts.
    var script: [Behaviour] = []
    /// The ids that came, in their order, and the ports that they came from.
    var requests: [(id: String, port: Int)] = []
    var held: [@Sendable () -> Void] = []
    var open = 0
    var accepted = 0
  }

  private let state = Mutex(State())
  private let listener: any Channel

  private init(_ listener: any Channel) { self.listener = listener }

  static func start(at address: String = "127.0.0.1", port: Int = 0) async throws -> ScriptedUpstream {
    let box = Mutex<ScriptedUpstream?>(nil)
    let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .serverChannelOption(.backlog, value: 1024)
      // The server must be there before its first connection.
      .serverChannelOption(.autoRead, value: false)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          guard let upstream = box.withLock({ $0 }) else { throw ChannelError.eof }
          try channel.pipeline.syncOperations.addHandlers([
            ByteToMessageHandler(LineMessageDecoder()), MessageToByteHandler(LineAnswerEncoder()),
          ])
          try channel.pipeline.syncOperations.addHandler(ScriptedExchange(upstream))
        }
      }
      .bind(host: address, port: port).get()
    let upstream = ScriptedUpstream(channel)
    box.withLock { $0 = upstream }
    try await channel.setOption(.autoRead, value: true).get()
    channel.read()
    return upstream
  }

  var port: UInt16 { UInt16(clamping: listener.localAddress?.port ?? 0) }
  var ids: [String] { state.withLock { $0.requests.map(\.id) } }
  var ports: [Int] { state.withLock { $0.requests.map(\.port) } }
  var open: Int { state.withLock { $0.open } }
  var accepted: Int { state.withLock { $0.accepted } }

  func behave(_ behaviour: Behaviour) { state.withLock { $0.behaviour = behaviour } }
  func next(_ script: [Behaviour]) { state.withLock { $0.script = script } }

  /// Sends the answers that are held.
  func release() {
    let held = state.withLock { state in
      defer { state.held = [] }
      return state.held
    }
    for answer in held { answer() }
  }

  func stop() async throws { try await listener.close().get() }

  fileprivate func opened() {
    state.withLock { state in
      state.open += 1
      state.accepted += 1
    }
  }

  fileprivate func closed() { state.withLock { $0.open -= 1 } }

  fileprivate var isDeaf: Bool { state.withLock { $0.behaviour == .isDeaf } }

  fileprivate func behaviour(for id: String, from port: Int, held: @escaping @Sendable () -> Void) -> Behaviour {
    state.withLock { state in
      state.requests.append((id, port))
      let behaviour = state.script.isEmpty ? state.behaviour : state.script.removeFirst()
      if behaviour == .holds { state.held.append(held) }
      return behaviour
    }
  }
}

private final class ScriptedExchange: ChannelInboundHandler {
  typealias InboundIn = LineMessage
  typealias OutboundOut = LineAnswer

  private let upstream: ScriptedUpstream

  init(_ upstream: ScriptedUpstream) { self.upstream = upstream }

  func channelActive(context: ChannelHandlerContext) { upstream.opened() }
  func channelInactive(context: ChannelHandlerContext) { upstream.closed() }
  func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard case .request(let request) = unwrapInboundIn(data) else {
      if !upstream.isDeaf { context.writeAndFlush(wrapOutboundOut(.pong), promise: nil) }
      return
    }
    let answer = LineAnswer.ok(id: request.id, bytes: request.answer)
    let channel = context.channel
    let held: @Sendable () -> Void = { channel.writeAndFlush(answer, promise: nil) }
    switch upstream.behaviour(for: request.id, from: context.remoteAddress?.port ?? 0, held: held) {
    case .answers: context.writeAndFlush(wrapOutboundOut(answer), promise: nil)
    case .errors: context.writeAndFlush(wrapOutboundOut(.error(id: request.id)), promise: nil)
    case .closes: context.close(promise: nil)
    case .holds, .isDeaf: break
    }
  }
}
