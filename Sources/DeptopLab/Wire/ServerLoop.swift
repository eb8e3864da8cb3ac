internal import NIOCore
internal import NIOPosix

/// The one event loop of a server, on which everything of it happens, so that nothing needs a lock.
enum ServerLoop {
  /// Runs a server on a loop that ends with it.
  static func run(
    _ body: (any EventLoop) async throws(ServerRoleProblem) -> Void
  ) async throws(ServerRoleProblem) {
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let result: Result<Void, ServerRoleProblem>
    do throws(ServerRoleProblem) {
      result = .success(try await body(group.next()))
    } catch {
      result = .failure(error)
    }
    do {
      try await group.shutdownGracefully()
    } catch {
      throw ServerRoleProblem("the event loop does not end: \(error)")
    }
    try result.get()
  }

  /// Makes something that lives on the loop.
  static func on<Value>(
    _ loop: any EventLoop, _ make: @escaping @Sendable (NIOIsolatedEventLoop) -> Value
  ) async throws(ServerRoleProblem) -> NIOLoopBound<Value> {
    do {
      return try await loop.submit { NIOLoopBound(make(loop.assumeIsolated()), eventLoop: loop) }.get()
    } catch {
      throw ServerRoleProblem("the event loop has ended: \(error)")
    }
  }

  /// Does something on the loop with what lives there.
  static func call<Value>(
    _ bound: NIOLoopBound<Value>, _ work: @escaping @Sendable (Value) throws(ServerRoleProblem) -> Void
  ) async throws(ServerRoleProblem) {
    let result: Result<Void, ServerRoleProblem>
    do {
      result = try await bound.eventLoop.submit { () -> Result<Void, ServerRoleProblem> in
        do throws(ServerRoleProblem) {
          return .success(try work(bound.value))
        } catch {
          return .failure(error)
        }
      }.get()
    } catch {
      throw ServerRoleProblem("the event loop has ended: \(error)")
    }
    try result.get()
  }
}

extension SocketAddress {
  /// An IPv4 address and a port, without asking anybody for a name.
  static func lab(_ address: String, port: UInt16) throws(ServerRoleProblem) -> SocketAddress {
    do {
      let target = try SocketAddress(ipAddress: address, port: Int(port))
      guard target.protocol == .inet else { throw ServerRoleProblem("\(address) is no IPv4 address") }
      return target
    } catch {
      throw ServerRoleProblem("\(address) is no IPv4 address")
    }
  }
}
