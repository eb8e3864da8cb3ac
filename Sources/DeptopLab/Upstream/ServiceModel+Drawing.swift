internal import NIOCore

extension ServiceModel {
  /// The time that the next request takes: the mean, give or take its spread.
  func serviceTime(_ random: inout some RandomNumberGenerator) -> TimeAmount {
    let spread = min(max(spread, 0), 1)
    return TimeAmount(seconds: serviceTime * (1 + Double.random(in: -spread...spread, using: &random)))
  }

  /// True when the next request is answered with an error.
  func isError(_ random: inout some RandomNumberGenerator) -> Bool {
    Double.random(in: 0..<1, using: &random) < errors
  }

  /// The first value that no service can have; nil when all are fine.
  var problem: String? {
    if !(0...86_400).contains(serviceTime) { return "serviceTime: \(serviceTime) is not from 0 to 86400 s" }
    if !(0...86_400).contains(login) { return "login: \(login) is not from 0 to 86400 s" }
    if !(0...1).contains(spread) { return "spread: \(spread) is not from 0 to 1" }
    if !(0...1).contains(errors) { return "errors: \(errors) is not from 0 to 1" }
    if workers < 1 { return "workers: \(workers) is less than 1" }
    if logins < 1 { return "logins: \(logins) is less than 1" }
    if queue < 0 { return "queue: \(queue) is less than 0" }
    return nil
  }
}

extension TimeAmount {
  /// Seconds from 0 to ten days, to the nanosecond.
  init(seconds: Double) {
    self = .nanoseconds(Int64(min(max(seconds, 0), 864_000) * 1_000_000_000))
  }
}
