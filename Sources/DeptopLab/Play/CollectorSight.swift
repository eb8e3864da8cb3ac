internal import DeptopConnection
internal import DeptopModel
internal import DeptopWire
internal import Synchronization

/// What the lab's collector finds, read over its socket as anybody may.
final class CollectorSight: Sendable {
  private let connection: CollectorConnection
  private let latest = Mutex<[Finding]?>(nil)

  init(socket path: String) {
    connection = CollectorConnection(socketPath: path, patience: .seconds(5))
  }

  /// Rules with an open finding on a dependency; nil while the collector does not answer.
  func open(on dependency: String) -> Set<String>? {
    latest.withLock { findings in
      findings.map { findings in
        Set(findings.filter { $0.dependency.rawValue == dependency && $0.state == .open }.map(\.rule.rawValue))
      }
    }
  }

  /// Reads until the task is cancelled.
  func follow() async {
    while !Task.isCancelled {
      await read()
      // Cancelled: there is nothing more to read.
      guard (try? await Task.sleep(for: .milliseconds(300))) != nil else { return }
    }
  }

  /// Waits until the collector serves; false when it does not in that time.
  func serves(within limit: Duration) async throws -> Bool {
    let deadline = ContinuousClock.now + limit
    while ContinuousClock.now < deadline {
      await read()
      if latest.withLock({ $0 }) != nil { return true }
      try await Task.sleep(for: .milliseconds(50))
    }
    return false
  }

  private func read() async {
    do throws(CollectorError) {
      let findings = try await connection.get(API.findings, as: [Finding].self)
      latest.withLock { $0 = findings }
    } catch {
      latest.withLock { $0 = nil }
    }
  }
}
