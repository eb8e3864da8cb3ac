internal import NIOCore
internal import NIOPosix

/// An upstream that listens on all of its addresses, everything on one event loop.
final class UpstreamServer {
  private let style: WireStyle
  private var services: [String: AddressService] = [:]

  /// - Parameters:
  ///   - spec: What it is, checked.
  ///   - loop: Everything is called on it.
  ///   - random: Makes the source of service times and errors of one address.
  ///   - record: Takes the lines of the ledger.
  init(
    _ spec: UpstreamSpec, loop: NIOIsolatedEventLoop, random: () -> any RandomNumberGenerator,
    record: @escaping (LedgerLine) -> Void
  ) {
    style = spec.style
    for address in spec.addresses {
      services[address] = AddressService(
        address: address, model: spec.service, loop: loop, random: random(), record: record)
    }
  }

  func accept(_ channel: any Channel, at address: String) throws {
    guard let service = services[address] else { return }
    switch style {
    case .lines: try LinePeer.add(to: channel, service: service)
    case .http: try HTTPPeer.add(to: channel, service: service)
    }
  }

  func obey(_ command: UpstreamCommand) throws(ServerRoleProblem) {
    switch command {
    case .service(let model, let address):
      if let problem = model.problem { throw ServerRoleProblem(problem) }
      for service in try services(at: address) { service.change(model) }
    case .closeConnections(let address):
      for service in try services(at: address) { service.closeConnections() }
    }
  }

  func end() {
    for service in services.values { service.end() }
  }

  private func services(at address: String?) throws(ServerRoleProblem) -> [AddressService] {
    guard let address else { return Array(services.values) }
    guard let service = services[address] else { throw ServerRoleProblem("\(address) is not an address of mine") }
    return [service]
  }
}

extension UpstreamSpec {
  /// Listens on every address.
  func listen(_ server: NIOLoopBound<UpstreamServer>) async throws(ServerRoleProblem) {
    for address in addresses {
      let target = try SocketAddress.lab(address, port: port)
      do {
        _ = try await ServerBootstrap(group: server.eventLoop)
          .serverChannelOption(.backlog, value: 1024)
          .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
          .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
          .childChannelInitializer { channel in
            channel.eventLoop.makeCompletedFuture { try server.value.accept(channel, at: address) }
          }
          .bind(to: target).get()
      } catch {
        throw ServerRoleProblem("cannot listen on \(address):\(port): \(error)")
      }
    }
  }
}
