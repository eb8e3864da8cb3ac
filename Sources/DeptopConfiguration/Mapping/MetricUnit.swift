/// A unit that a metric's values may have.
package enum MetricUnit: String, Sendable, Hashable, CaseIterable {
  case seconds = "s"
  case milliseconds = "ms"
  case microseconds = "us"
  case nanoseconds = "ns"
  case minutes = "min"
  case percent
  case ratio

  /// Takes a unit as senders write it: UCUM's as OpenTelemetry wants, or an English word; nil for any other.
  package init?(written text: String) {
    switch text.lowercased() {
    case "s", "sec", "second", "seconds": self = .seconds
    case "ms", "msec", "millisecond", "milliseconds", "millis": self = .milliseconds
    case "us", "µs", "μs", "microsecond", "microseconds", "micros": self = .microseconds
    case "ns", "nanosecond", "nanoseconds", "nanos": self = .nanoseconds
    case "min", "minute", "minutes": self = .minutes
    case "%", "percent": self = .percent
    case "1", "ratio": self = .ratio
    default: return nil
    }
  }

  /// The duration that a value of 1 means; nil for shares.
  package var duration: Duration? {
    switch self {
    case .seconds: .seconds(1)
    case .milliseconds: .milliseconds(1)
    case .microseconds: .microseconds(1)
    case .nanoseconds: .nanoseconds(1)
    case .minutes: .seconds(60)
    case .percent, .ratio: nil
    }
  }

  /// A value in seconds; nil for shares.
  ///
  /// A division keeps 5 ms the same number as 0.005 s.
  package func seconds(_ value: Double) -> Double? {
    switch self {
    case .seconds: value
    case .milliseconds: value / 1e3
    case .microseconds: value / 1e6
    case .nanoseconds: value / 1e9
    case .minutes: value * 60
    case .percent, .ratio: nil
    }
  }
}
