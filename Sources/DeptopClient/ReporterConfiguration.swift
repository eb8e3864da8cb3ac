internal import DeptopWire
internal import Glibc

/// Where and how often an application reports.
public struct ReporterConfiguration: Sendable, Hashable {
  /// The path of the collector's ingest socket.
  public var ingestSocket: String
  /// The time from one report to the next, at least 100 ms.
  public var interval: Duration
  /// The longest time that one exchange with the collector may take, from connecting to the whole answer.
  public var exchangeTimeout: Duration
  /// How long all gauges together may take before a report goes out without those that are missing.
  public var gaugeTimeout: Duration

  /// A configuration.
  ///
  /// - Parameters:
  ///   - ingestSocket: The path of the ingest socket; nil means ``defaultIngestSocket``.
  ///   - interval: The time from one report to the next.
  ///   - exchangeTimeout: The longest time that one exchange may take.
  ///   - gaugeTimeout: How long all gauges together may take.
  public init(
    ingestSocket: String? = nil, interval: Duration = .seconds(1), exchangeTimeout: Duration = .seconds(5),
    gaugeTimeout: Duration = .milliseconds(100)
  ) {
    self.ingestSocket = ingestSocket ?? ReporterConfiguration.defaultIngestSocket
    self.interval = max(interval, .milliseconds(100))
    self.exchangeTimeout = exchangeTimeout
    self.gaugeTimeout = gaugeTimeout
  }

  /// The path at which a collector of the same user listens: below `/run/deptop` for root, else below
  /// `$XDG_RUNTIME_DIR/deptop`.
  public static var defaultIngestSocket: String {
    DefaultPaths(userID: geteuid()) { name in
      guard let value = unsafe getenv(name) else { return nil }
      return unsafe String(cString: value)
    }.ingestSocket
  }
}
