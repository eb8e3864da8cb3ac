internal import Glibc
internal import NIOCore
internal import NIOPosix

/// Opens connections to one dependency.
struct Dialer: Sendable {
  let loop: any EventLoop
  let names: NameLookup
  /// Takes the time of each connection that was made, microseconds.
  var took: @Sendable (Int64) -> Void = { _ in }

  /// Looks the name up and connects.
  ///
  /// - Parameters:
  ///   - id: The connection's number.
  ///   - call: Where to, and within which limits.
  ///   - deadline: When the caller gives up.
  /// - Returns: A connection that is open.
  /// - Throws: Why there is none.
  func dial(_ id: LabConnection.ID, _ call: CallSpec, until deadline: Int64?) async throws(AttemptFailure)
    -> LabConnection
  {
    let address = try await names.address(of: call.host, caching: call.names, until: deadline)
    return LabConnection(try await connect(call, to: address, until: deadline), id: id)
  }

  private func connect(
    _ call: CallSpec, to address: String, until deadline: Int64?
  ) async throws(AttemptFailure) -> any Channel {
    let began = LabClock.now
    let own = Moment.end(of: call.limits.connect, from: began)
    let left = Moment.earlier(own, deadline).map { max(1, $0 - began) }
    do {
      let target = try SocketAddress(ipAddress: address, port: Int(call.port))
      let channel = try await bootstrap(call).connectTimeout(left.map { .microseconds($0) } ?? .hours(24))
        .connect(to: target).get()
      took(LabClock.now - began)
      return channel
    } catch {
      throw AttemptFailure(connecting: error, over: .over(.connect, at: own, deadline: deadline))
    }
  }

  private func bootstrap(_ call: CallSpec) -> ClientBootstrap {
    let bootstrap = ClientBootstrap(group: loop)
      .channelOption(.tcpOption(.tcp_nodelay), value: 1)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          switch call.style {
          case .lines: try LineExchanges.add(to: channel)
          case .http: try HTTPExchanges.add(to: channel, host: call.host)
          }
        }
      }
    guard let keepalive = call.pool.keepalive else { return bootstrap }
    let (idle, interval) = (NIOBSDSocket.Option(rawValue: TCP_KEEPIDLE), NIOBSDSocket.Option(rawValue: TCP_KEEPINTVL))
    // After an answered probe the kernel waits for the interval, not for the idle time.
    return bootstrap.channelOption(.socketOption(.so_keepalive), value: 1)
      .channelOption(.tcpOption(idle), value: max(1, keepalive))
      .channelOption(.tcpOption(interval), value: max(1, keepalive))
  }
}
