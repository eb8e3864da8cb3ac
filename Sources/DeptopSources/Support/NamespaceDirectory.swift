package import DeptopModel
internal import Synchronization

/// The other network namespaces of the host, as the sweep found them last: what it hands to the sources that ask from
/// inside them.
package final class NamespaceDirectory: Sendable {
  /// A namespace, and how its processes resolve names.
  package struct Entry: Sendable, Hashable {
    package var id: NamespaceID
    /// What a person would call it.
    package var label: String
    /// A process in it.
    package var pid: Int32
    /// The text of that process' `resolv.conf`; nil when it cannot be read.
    package var resolverText: String?
    /// The addresses and ports that its processes have connections to.
    package var peers: Set<SocketAddress>

    package init(id: NamespaceID, label: String, pid: Int32, resolverText: String?, peers: Set<SocketAddress>) {
      self.id = id
      self.label = label
      self.pid = pid
      self.resolverText = resolverText
      self.peers = peers
    }
  }

  private struct State {
    var entries: [Entry] = []
    var ownPeers: Set<SocketAddress> = []
  }

  private let state = Mutex(State())

  package init() {}

  /// Ascending by id; the collector's own is not among them.
  package var current: [Entry] { state.withLock { $0.entries } }

  package func replace(with new: [Entry]) {
    state.withLock { $0.entries = new }
  }

  /// The addresses and ports that connections of the collector's own namespace go to.
  package var ownPeers: Set<SocketAddress> { state.withLock { $0.ownPeers } }

  /// Replaces the peers of the collector's own namespace.
  package func noteOwn(peers: Set<SocketAddress>) {
    state.withLock { $0.ownPeers = peers }
  }
}
