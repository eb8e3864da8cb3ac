internal import Hummingbird
package import Logging
internal import NIOCore
internal import ServiceLifecycle

/// Takes what applications hand in, on the ingest socket or on a loopback port.
///
/// `run()` returns when the service is shut down gracefully; command streams end, and the socket file is removed.
package struct IngestServer: Service {
  /// Connections that one user may have open at once, so that none takes every place.
  static let connectionsPerUser = 1024

  /// Where it is served.
  package enum Place: Sendable {
    case socket(CollectorPlace)
    /// A TCP port on 127.0.0.1.
    case port(UInt16)
  }

  private let ingest: Ingest
  private let place: Place
  private let logger: Logger

  /// Prepares it; nothing is bound yet.
  ///
  /// - Throws: When the mappings cannot be read.
  package init(collector: Collector, place: Place, logger: Logger) throws {
    ingest = try collector.ingest()
    self.place = place
    self.logger = logger
  }

  /// Binds and serves.
  package func run() async throws {
    let address: BindAddress =
      switch place {
      case .socket(let place): .unixDomainSocket(path: place.path)
      case .port(let port): .hostname("127.0.0.1", port: Int(port))
      }
    let users = UserConnections(limit: IngestServer.connectionsPerUser)
    let application = Application(
      router: IngestRoutes(ingest: ingest).router(),
      server: .http1(
        configuration: .init(
          additionalChannelHandlers: [UserConnectionHandler(users)], idleTimeout: .seconds(30))),
      configuration: ApplicationConfiguration(
        address: address, serverName: nil),
      onServerRunning: { [place, logger] _ in IngestServer.announce(place, logger) },
      logger: CollectorServer.quiet(logger))
    try await application.run()
  }

  private static func announce(_ place: Place, _ logger: Logger) {
    switch place {
    case .socket(let place):
      do throws(CollectorPlace.Failure) {
        try place.admitEveryone()
        logger.notice("listening", metadata: ["ingest": "\(place.path)"])
      } catch {
        logger.error("other users cannot report: \(error)")
      }
    case .port(let port): logger.notice("listening", metadata: ["ingest": "127.0.0.1:\(port)"])
    }
  }
}
