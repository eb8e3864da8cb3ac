internal import DeptopKernel
internal import DeptopModel

/// Which namespaces a dependency is probed from: those whose processes have connections to it.
struct Viewpoints {
  /// Namespaces that one address is probed from.
  static let limit = 3

  private let namespaces: [SocketAddress: [NamespaceID]]
  private let sockets: [NamespaceID: NamespaceSockets]

  init(on host: HostSurroundings) {
    guard let access = host.access else {
      namespaces = [:]
      sockets = [:]
      return
    }
    var namespaces: [SocketAddress: [NamespaceID]] = [:]
    var sockets: [NamespaceID: NamespaceSockets] = [:]
    for entry in host.namespaces.current {
      sockets[entry.id] = NamespaceSockets(access: access, namespace: entry.id)
      for peer in entry.peers where (namespaces[peer]?.count ?? 0) < Viewpoints.limit {
        namespaces[peer, default: []].append(entry.id)
      }
    }
    self.namespaces = namespaces
    self.sockets = sockets
  }

  /// This process' own when no other namespace is known to have a connection.
  func sockets(for address: SocketAddress) -> [any SocketOpening] {
    let others = (namespaces[address] ?? []).compactMap { sockets[$0] }
    return others.isEmpty ? [OwnSockets()] : others
  }
}
