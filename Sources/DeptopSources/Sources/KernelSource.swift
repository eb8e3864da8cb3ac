internal import DeptopBlocking
package import DeptopConfiguration
internal import DeptopKernel
package import DeptopModel
internal import Synchronization

/// The kernel's socket table: every outbound TCP connection of the host, with its owner.
///
/// Needs neither configuration nor privilege; the owners of other users' connections are unknown without
/// CAP_SYS_PTRACE. Sees the network namespace that the collector runs in.
package final class KernelSource: Source {
  package static let kind = "kernel"

  package static func instances(in settings: Settings) -> [any Source] {
    [KernelSource(settings)]
  }

  /// Other settings make no difference: it keeps when each connection was first seen.
  package static func isSame(in old: Settings, and new: Settings) -> Bool {
    old.kernel == new.kernel && old.dependencies.map(\.port) == new.dependencies.map(\.port)
  }

  package let id: SourceID = "kernel"
  package let schedule: Schedule
  package let dependencies: [DependencyID] = []

  private let thread = BlockingThread()
  private let reader: Mutex<ConnectionReader>

  package init(_ settings: Settings) {
    schedule = Schedule(interval: settings.kernel.interval, timeout: settings.kernel.timeout)
    let pace = SweepPace(watching: settings.dependencies.map(\.port))
    reader = Mutex(ConnectionReader(pace: pace))
  }

  /// Makes one sweep.
  ///
  /// - Returns: one `.connections` observation, with every outbound connection of the host.
  package func poll() async throws(SourceError) -> [Observation] {
    let timeout = schedule.timeout
    do {
      let connections = try await thread.run { () throws(SocketDiagnosticsError) in
        try self.reader.withLock { reader throws(SocketDiagnosticsError) in try reader.read(timeout: timeout) }
      }
      return [.connections(connections)]
    } catch {
      throw error.isPermanent ? .permanent(error.description) : .transient(error.description)
    }
  }
}
