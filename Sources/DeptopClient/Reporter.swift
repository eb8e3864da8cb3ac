internal import Glibc

/// Reports an application's dependencies to the deptop collector of its host; one a process.
///
/// It never blocks or fails the application: when the collector is away, slow or restarted, reports are lost and
/// counts are not, as they grow from registration on. Two threads of its own talk to the collector; both end with
/// ``shutdown()``, or when the reporter is released.
public final class Reporter: Sendable {
  private let engine: ReportingEngine

  /// Starts reporting.
  ///
  /// - Parameters:
  ///   - client: The application's name as the dashboard shows it; cut to 128 bytes.
  ///   - configuration: Where and how often to report.
  public init(client: String, configuration: ReporterConfiguration = ReporterConfiguration()) {
    engine = ReportingEngine(client: client, configuration: configuration)
    engine.start()
  }

  deinit { engine.stop.set() }

  /// The agent's id: the client's name, the process, and a random part.
  public var identifier: String { engine.identifier }

  /// Adds a dependency to the reports; its counts begin at zero.
  ///
  /// - Parameter description: What it is.
  /// - Returns: Where its calls are recorded; it stays in the reports until ``remove(_:)``.
  public func register(_ description: DependencyDescription) -> MonitoredDependency { engine.register(description) }

  /// Takes a dependency out of the reports; what is recorded on it later is not reported.
  public func remove(_ dependency: MonitoredDependency) { engine.remove(dependency) }

  /// What went wrong last; nil when nothing did.
  ///
  /// It stays after reports are taken again.
  public var lastProblem: ReportingProblem? { engine.standing.lastProblem }

  /// True when the latest report was taken.
  public var isReporting: Bool { engine.standing.isReporting }

  /// Reports that the collector took.
  public var reportsTaken: UInt64 { engine.standing.reportsTaken }

  /// Ends both threads, and waits for it up to 1 s, but not for handlers and gauges that still run.
  ///
  /// Safe to call again, and from any thread.
  public func shutdown() { engine.shutDown(waitingUpTo: .seconds(1)) }
}
