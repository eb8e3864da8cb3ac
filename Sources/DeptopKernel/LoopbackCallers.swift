internal import DeptopBlocking
package import DeptopModel
internal import Synchronization

/// Finds out who is at the other end of a TCP connection from this host to this host.
package final class LoopbackCallers: Sendable {
  /// How long one look at the socket table may take.
  static let timeout = Duration.seconds(1)

  private struct State {
    var diagnostics = SocketDiagnostics()
    var owners = SocketOwners()
  }

  private let thread = BlockingThread()
  private let state = Mutex(State())

  package init() {}

  /// The caller's socket and its owner, as the kernel has them now.
  ///
  /// - Parameters:
  ///   - local: The caller's own end.
  ///   - remote: The end that it called.
  /// - Returns: nil when the kernel has no such socket in this network namespace, or cannot be asked.
  package func caller(at local: SocketAddress, to remote: SocketAddress) async -> ObservedConnection? {
    await thread.run { [self] in
      state.withLock { state in LoopbackCallers.find(local, remote, &state) }
    }
  }

  private static func find(
    _ local: SocketAddress, _ remote: SocketAddress, _ state: inout State
  ) -> ObservedConnection? {
    let filter = SocketFilter(side: .local, ports: [local.port])
    // A kernel that cannot be asked leaves the caller unverified, which is shown.
    guard let table = try? state.diagnostics.sweep(filter, timeout: timeout),
      let sample = table.connections.first(where: { $0.local == local && $0.remote == remote })
    else { return nil }
    var found = [ObservedConnection(sample: sample, owner: nil, firstSeenAt: .now(), isOlderThanSeen: false)]
    state.owners.assign(to: &found)
    return found.first
  }
}
