import DeptopConfiguration
import DeptopConnection
import DeptopModel
import DeptopTestSupport
import DeptopWire
import FoundationEssentials
import Logging
import ServiceLifecycle
import Synchronization

@testable import DeptopCollector

/// The real collector and its real server, in this process, on a socket of their own.
struct RunningCollector: Sendable {
  let collector: Collector
  let directory: TemporaryDirectory
  let group: ServiceGroup

  var socketPath: String { directory.file("control.sock") }
  var ingestPath: String { directory.file("ingest.sock") }
  var ingest: CollectorConnection { CollectorConnection(socketPath: ingestPath) }
  var stateDirectory: String { directory.file("state") }
  var connection: CollectorConnection { CollectorConnection(socketPath: socketPath) }

  /// Starts a collector, waits until it has a snapshot, and shuts it down when the body has ended.
  static func run(
    _ settings: Settings = .quick(), _ body: (RunningCollector) async throws -> Void
  ) async throws {
    let directory = try TemporaryDirectory()
    let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    let place = try CollectorPlace(socketPath: directory.file("control.sock"))
    let ingest = try CollectorPlace(socketPath: directory.file("ingest.sock"))
    let collector = try await Collector(
      settings: settings, stateDirectory: directory.file("state"), verifying: .milliseconds(200), logger: logger)
    var configuration = ServiceGroupConfiguration(
      services: [
        .init(service: collector),
        .init(service: CollectorServer(collector: collector, place: place, logger: logger)),
        .init(service: try IngestServer(collector: collector, place: .socket(ingest), logger: logger)),
      ], logger: logger)
    configuration.maximumGracefulShutdownDuration = .seconds(2)
    let running = RunningCollector(
      collector: collector, directory: directory, group: ServiceGroup(configuration: configuration))
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await running.group.run() }
      try await waitUntil("the collector answers") {
        do throws(CollectorError) {
          return try await running.connection.get(API.health, as: Health.self).status == "ok"
        } catch {
          return false
        }
      }
      do {
        try await body(running)
      } catch {
        await running.group.triggerGracefulShutdown()
        throw error
      }
      await running.group.triggerGracefulShutdown()
      try await group.waitForAll()
    }
  }

  /// How a request is refused; nil when it is not.
  func refusal(_ request: (CollectorConnection) async throws(CollectorError) -> Void) async throws -> Refusal? {
    do throws(CollectorError) {
      try await request(connection)
      return nil
    } catch {
      guard case .refused(let refusal) = error else { throw error }
      return refusal
    }
  }

  /// The first lines of the stream.
  func lines(_ count: Int, of path: String = API.stream) async throws -> [StreamLine] {
    var lines: [StreamLine] = []
    do throws(CollectorError) {
      try await connection.lines(path) { line in
        lines.append(try WireCoding().decode(StreamLine.self, from: line))
        if lines.count == count { throw CancellationError() }
      }
    } catch {
      guard lines.count == count else { throw error }
    }
    guard lines.count == count else { throw TestFailure("the stream ended after \(lines.count) lines") }
    return lines
  }
}

extension Settings {
  /// These dependencies, never probed, ten ticks a second, and no resolver but this host.
  static func quick(_ dependencies: [DependencySettings] = []) -> Settings {
    var settings = Settings()
    settings.tickInterval = .milliseconds(100)
    settings.kernel.interval = .milliseconds(100)
    settings.dns.resolvers = ["127.0.0.1:9"]
    settings.dependencies = dependencies.map { dependency in
      var quiet = dependency
      quiet.isProbed = false
      return quiet
    }
    return settings
  }
}

extension StreamLine {
  var sequence: UInt64 {
    switch self {
    case .full(let snapshot): snapshot.sequence
    case .delta(let delta): delta.sequence
    }
  }

  var full: Snapshot? { if case .full(let snapshot) = self { snapshot } else { nil } }
  var delta: SnapshotDelta? { if case .delta(let delta) = self { delta } else { nil } }
}
