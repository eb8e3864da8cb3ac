internal import DeptopModel
internal import DeptopWire
internal import FoundationEssentials
internal import Glibc

@testable internal import DeptopClient

/// A place for a socket, taken away in the end.
final class SocketPlace: Sendable {
  let path: String

  init() {
    path = FileManager.default.temporaryDirectory.path + "/dc-\(getpid())-\(UInt32.random(in: 0 ... .max)).sock"
  }

  deinit { unsafe unlink(path) }
}

extension Reporter {
  /// A reporter with short times.
  convenience init(to path: String, exchangeTimeout: Duration = .seconds(5)) {
    self.init(
      client: "shop/orders",
      configuration: ReporterConfiguration(
        ingestSocket: path, interval: .milliseconds(100), exchangeTimeout: exchangeTimeout))
  }

  /// Registers a dependency for tests.
  func registerOrders() -> MonitoredDependency {
    register(DependencyDescription(name: "orders-db", kind: "postgres", host: "db.test", port: 5432))
  }
}

extension ScriptedRequest {
  var report: AgentReport? {
    // Anything else is no report, which is what is asked.
    method == "PUT" ? try? WireCoding().decode(AgentReport.self, from: body) : nil
  }

  var result: AgentResult? {
    // Anything else is no result, which is what is asked.
    method == "POST" ? try? WireCoding().decode(AgentResult.self, from: body) : nil
  }
}

/// Waits until something is so, at most 20 s; looks again after each millisecond of waiting for a flag that nobody sets.
func eventually(_ isSo: () -> Bool) -> Bool {
  let deadline = MonotonicClock.deadline(in: .seconds(20))
  let nobody = Wakeup()
  while !isSo() {
    guard MonotonicClock.millisecondsLeft(to: deadline) > 0 else { return false }
    nobody.wait(for: .milliseconds(1))
  }
  return true
}
