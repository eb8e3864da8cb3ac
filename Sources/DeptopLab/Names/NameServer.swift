internal import NIOCore
internal import NIOPosix

/// What the sockets of the name server share; everything on one event loop.
final class NameServer {
  var zone: NameZone

  init(zone: NameZone) {
    self.zone = zone
  }
}

extension NameServerSpec {
  /// Listens on UDP and TCP.
  func listen(_ server: NIOLoopBound<NameServer>) async throws(ServerRoleProblem) {
    let target = try SocketAddress.lab(address, port: port)
    do {
      _ = try await DatagramBootstrap(group: server.eventLoop)
        .channelInitializer { channel in
          channel.eventLoop.makeCompletedFuture {
            try channel.pipeline.syncOperations.addHandler(NameDatagrams(server: server.value))
          }
        }
        .bind(to: target).get()
      _ = try await ServerBootstrap(group: server.eventLoop)
        .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
        .childChannelInitializer { channel in
          channel.eventLoop.makeCompletedFuture {
            try channel.pipeline.syncOperations.addHandlers(
              ByteToMessageHandler(NamePacketDecoder()), NameStream(server: server.value))
          }
        }
        .bind(to: target).get()
    } catch {
      throw ServerRoleProblem("cannot listen on \(address):\(port): \(error)")
    }
  }
}

/// The process that is the lab's authoritative name server.
package enum NameServerRole {
  /// Serves until the input ends.
  ///
  /// The first line of the input is a ``NameServerSpec``, every further one a ``NameCommand``.
  ///
  /// - Parameters:
  ///   - input: A descriptor; the standard input.
  ///   - output: Where the line `ready` goes when both sockets are listened on; the standard output.
  /// - Throws: ``ServerRoleProblem``, of which the process is to say one line and end with 1.
  package static func run(input: Int32 = 0, output: Int32 = 1) async throws(ServerRoleProblem) {
    let lines = ServerInput(input)
    guard let spec = try await lines.next(NameServerSpec.self) else { throw ServerRoleProblem("there is no spec") }
    let zone = try NameZone(spec.records)
    try await ServerLoop.run { loop throws(ServerRoleProblem) in
      let server = try await ServerLoop.on(loop) { _ in NameServer(zone: zone) }
      try await spec.listen(server)
      try ServerInput.announce(on: output)
      while let command = try await lines.next(NameCommand.self) {
        try await ServerLoop.call(server) { server throws(ServerRoleProblem) in try server.zone.obey(command) }
      }
    }
  }
}
