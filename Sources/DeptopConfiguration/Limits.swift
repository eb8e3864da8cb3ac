/// The ranges that a configuration has to keep to.
enum Limits {
  static let configurationBytes = 1 << 20
  static let passwordBytes = 4096
  /// Problems that are told of one file.
  static let problems = 100

  static let tickInterval: ClosedRange<Duration> = .milliseconds(100) ... .seconds(60)
  static let pollInterval: ClosedRange<Duration> = .milliseconds(100) ... .seconds(3600)
  static let probeInterval: ClosedRange<Duration> = .seconds(1) ... .seconds(3600)
  static let nameInterval: ClosedRange<Duration> = .seconds(1) ... .seconds(3600)
  static let timeout: ClosedRange<Duration> = .milliseconds(100) ... .seconds(60)
  static let drainTimeout: ClosedRange<Duration> = .seconds(1) ... .seconds(3600)
  /// To seven days: nothing on a path keeps a silent connection for longer.
  static let idleTimeout: ClosedRange<Duration> = .seconds(1) ... .seconds(7 * 86_400)

  /// From the smallest packet that every IPv4 host takes (RFC 791) to the largest that there is.
  static let mtu = 576...65_535
  static let nameLength = 64
  static let labelLength = 32
  static let textLength = 255
  static let resolvers = 16
  static let pgbouncers = 100
  static let jvms = 100
  static let dependencies = 10_000
  static let mappings = 100
  static let principals = 1000
  static let policyRules = 100
  static let actionsPerHour = 1...10_000
}
