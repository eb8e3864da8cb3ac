internal import DeptopBlocking
package import DeptopConfiguration
internal import DeptopKernel
package import DeptopModel
internal import Synchronization

/// The kernel's socket tables: every outbound TCP connection of the host, with its owner, and those that ended.
///
/// Needs neither configuration nor privilege for the network namespace that the collector runs in. With a helper it
/// sees the other namespaces and the owners of other users' connections too; without one it says what it does not see.
package final class KernelSource: Source {
  package static let kind = "kernel"

  package static func instances(in settings: Settings, on host: HostSurroundings) -> [any Source] {
    [KernelSource(settings, on: host)]
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
  private let directory: NamespaceDirectory

  package init(_ settings: Settings, on host: HostSurroundings = HostSurroundings()) {
    schedule = Schedule(interval: settings.kernel.interval, timeout: settings.kernel.timeout)
    let pace = SweepPace(watching: settings.dependencies.map(\.port))
    reader = Mutex(ConnectionReader(pace: pace, access: host.access))
    directory = host.namespaces
  }

  /// Makes one sweep.
  ///
  /// - Returns: `.connections` first, with every outbound connection of the host; `.closings`; `.namespaces` once they
  ///   are listed; and `.remarks` on what could not be seen.
  package func poll() async throws(SourceError) -> [Observation] {
    let timeout = schedule.timeout
    do {
      let reading = try await thread.run { () throws(SocketDiagnosticsError) in
        try self.reader.withLock { reader throws(SocketDiagnosticsError) in try reader.read(timeout: timeout) }
      }
      if reading.isListingNew {
        directory.replace(with: reading.namespaces.compactMap(NamespaceDirectory.Entry.init))
        directory.noteOwn(peers: reading.namespaces.first { $0.facts.id == .own }?.usage.peers ?? [])
      }
      return observations(of: reading)
    } catch {
      throw error.isPermanent ? .permanent(error.description) : .transient(error.description)
    }
  }

  private func observations(of reading: HostReading) -> [Observation] {
    var observations: [Observation] = [
      .connections(reading.connections), .closings(reading.closed, isComplete: reading.isClosedComplete),
    ]
    if !reading.namespaces.isEmpty {
      observations.append(.namespaces(reading.namespaces.map { $0.status(nameservers: $0.nameservers) }))
    }
    observations.append(.remarks(reading.remarks))
    return observations
  }
}

extension NamespaceReading {
  /// The name servers that its processes ask.
  fileprivate var nameservers: [String] {
    let configuration = facts.resolverText.map(ResolverConfiguration.init(parsing:))
    return (configuration?.nameservers ?? []).map(\.address.description) + (configuration?.unusableNameservers ?? [])
  }
}

extension NamespaceDirectory.Entry {
  /// nil for the collector's own namespace, and for one without a process that has connections.
  fileprivate init?(_ reading: NamespaceReading) {
    guard reading.facts.id != .own, let speaker = reading.facts.speaker else { return nil }
    self.init(
      id: reading.facts.id, label: reading.facts.label, pid: speaker,
      resolverText: reading.facts.resolverText, peers: reading.usage.peers)
  }
}
