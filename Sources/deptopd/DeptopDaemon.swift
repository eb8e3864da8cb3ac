internal import ArgumentParser
internal import DeptopCollector
internal import DeptopConfiguration
internal import DeptopHelper
internal import DeptopKernel
internal import DeptopWire
internal import Glibc
internal import Logging
internal import ServiceLifecycle
internal import UnixSignals

/// The collector's command line: arguments and wiring only.
@main
struct DeptopDaemon: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "deptopd",
    abstract: "Reads what this host's services depend on, and serves it to deptop.",
    discussion: """
      Without a configuration the kernel's socket table already shows every dependency of the host.
      SIGHUP reads the configuration again; one with errors is refused and the old one stays in force.
      Exit codes: 0 done, 1 failed, 2 usage or configuration.
      """,
    version: Collector.version)

  @Option(help: "The configuration file, YAML.")
  var config: String?

  @Option(help: "The control socket; below /run/deptop as root, else below $XDG_RUNTIME_DIR.")
  var socket: String?

  @Option(help: "The socket that applications report on; beside the control socket unless given.")
  var ingestSocket: String?

  @Option(help: "Where audit and history are kept; /var/lib/deptop as root, else below $XDG_STATE_HOME.")
  var stateDirectory: String?

  @Option(
    help: "The program that does what needs a capability; deptop-helper beside this one unless given, none for none.")
  var helper: String?

  @Flag(help: "Check the configuration, print the settings in force without secrets, and end.")
  var check = false

  @Flag(help: .hidden)
  var exitWithStandardInput = false

  func run() async throws {
    let settings = try load()
    if check {
      print(settings.effectiveDescription(), terminator: "")
      return
    }
    signal(SIGPIPE, SIG_IGN)
    LoggingSystem.bootstrap(StreamLogHandler.standardError)
    let logger = Logger(label: "deptopd")
    do {
      try await serve(settings, logger)
    } catch {
      Self.say("\(error)")
      throw ExitCode(1)
    }
  }

  private func load() throws -> Settings {
    guard let config else { return Settings() }
    do {
      return try ConfigurationFile.load(path: config)
    } catch {
      Self.say("\(error)")
      throw ExitCode(2)
    }
  }

  private func serve(_ settings: Settings, _ logger: Logger) async throws {
    let paths = DefaultPaths(userID: geteuid()) { name in
      unsafe getenv(name).map { unsafe String(cString: $0) }
    }
    let place = try CollectorPlace(socketPath: socket ?? paths.controlSocket)
    let ingest = try CollectorPlace(
      socketPath: ingestSocket ?? socket.map(DefaultPaths.ingestSocket(beside:)) ?? paths.ingestSocket)
    let collector = try await Collector(
      settings: settings, stateDirectory: stateDirectory ?? settings.stateDirectory ?? paths.stateDirectory,
      privilege: privilege(logger), logger: logger)
    let server = CollectorServer(collector: collector, place: place, logger: logger)
    var services: [ServiceGroupConfiguration.ServiceConfiguration] = [
      .init(service: collector), .init(service: server),
      .init(service: try IngestServer(collector: collector, place: .socket(ingest), logger: logger)),
      .init(service: Reloader(path: config, collector: collector)),
    ]
    if let port = settings.ingest.port {
      services.append(.init(service: try IngestServer(collector: collector, place: .port(port), logger: logger)))
    }
    if exitWithStandardInput {
      services.append(.init(service: Lifeline(), successTerminationBehavior: .gracefullyShutdownGroup))
    }
    var configuration = ServiceGroupConfiguration(
      services: services, gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
    configuration.maximumGracefulShutdownDuration = .seconds(5)
    try await ServiceGroup(configuration: configuration).run()
  }

  /// Starts the helper; without one everything goes on that an ordinary user may do.
  private func privilege(_ logger: Logger) -> Collector.Privilege {
    guard helper != "none" else { return .none("it is switched off by --helper none") }
    guard let path = helper ?? ProgramFiles.path(beside: "deptop-helper") else {
      return .none("it was not looked for, as where deptopd is cannot be read; --helper names it")
    }
    guard unsafe access(path, X_OK) == 0 else { return .none("it is not installed at \(path)") }
    do throws(HostAccessError) {
      return .access(try HelperLink.launch(path: path))
    } catch {
      logger.warning("deptop-helper cannot be started", metadata: ["reason": "\(error)"])
      return .none("it cannot be started: \(error)")
    }
  }

  private static func say(_ message: String) {
    let bytes = Array("deptopd: \(message)\n".utf8)
    unsafe write(STDERR_FILENO, bytes, bytes.count)
  }
}

/// Reads the configuration again at each SIGHUP.
private struct Reloader: Service {
  let path: String?
  let collector: Collector

  func run() async throws {
    for await _ in await UnixSignalsSequence(trapping: .sighup).cancelOnGracefulShutdown() {
      guard let path else { continue }
      do {
        collector.adopt(try ConfigurationFile.load(path: path))
      } catch {
        collector.warn("the configuration was not reloaded: \(error)")
      }
    }
  }
}
