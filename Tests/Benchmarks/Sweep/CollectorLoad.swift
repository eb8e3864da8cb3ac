internal import DeptopConnection
internal import DeptopModel
internal import DeptopTestSupport
internal import DeptopWire

/// What a collector without configuration takes of the host, beside the connections that there are.
struct CollectorLoad: Sendable {
  /// The part of one core.
  var processorRatio: Double
  var residentBytes: Int

  /// Starts a collector, lets it learn the connections, and looks at it for a while.
  init(of path: String, for time: Duration) async throws {
    let place = try TemporaryDirectory()
    let socket = place.file("control.sock")
    let daemon = try Companion(
      [path, "--socket", socket, "--state-directory", place.file("state"), "--exit-with-standard-input"],
      errorPath: place.file("log"))
    // With the fifth snapshot the tables have their size, and the owners were looked for.
    try await waitUntil("deptopd serves its fifth snapshot", within: .seconds(60)) {
      do throws(CollectorError) {
        return try await CollectorConnection(socketPath: socket).get(API.snapshot, as: Snapshot.self).sequence > 4
      } catch {
        // Until it listens there is nobody to ask.
        return false
      }
    }
    let before = try ProcessFigures(of: daemon.pid).processorTime
    try await Task.sleep(for: time)
    processorRatio = (try ProcessFigures(of: daemon.pid).processorTime - before) / time
    residentBytes = try ProcessFigures.residentBytes(of: daemon.pid)
    withExtendedLifetime(daemon) {}
  }
}
