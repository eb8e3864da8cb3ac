internal import Hummingbird
package import Logging
internal import NIOCore
internal import ServiceLifecycle

/// Serves a collector on its control socket.
///
/// `run()` returns when the service is shut down gracefully; streams end, and the socket file is removed.
package struct CollectorServer: Service {
  private let collector: Collector
  private let place: CollectorPlace
  private let logger: Logger

  package init(collector: Collector, place: CollectorPlace, logger: Logger) {
    self.collector = collector
    self.place = place
    self.logger = logger
  }

  /// Binds and serves.
  package func run() async throws {
    let application = Application(
      router: Routes(collector: collector).router(),
      server: .http1(configuration: .init(idleTimeout: .seconds(30))),
      configuration: ApplicationConfiguration(address: .unixDomainSocket(path: place.path), serverName: nil),
      onServerRunning: { [place, logger] _ in
        do throws(CollectorPlace.Failure) {
          try place.admitEveryone()
          logger.notice("listening", metadata: ["socket": "\(place.path)"])
        } catch {
          logger.error("other users cannot connect: \(error)")
        }
      },
      logger: CollectorServer.quiet(logger))
    try await application.run()
  }

  /// The server's own messages matter only when something is wrong.
  static func quiet(_ logger: Logger) -> Logger {
    var quiet = logger
    quiet.logLevel = .warning
    return quiet
  }
}
