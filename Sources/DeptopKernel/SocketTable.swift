package import DeptopModel

/// The TCP sockets of one network namespace, as one dump found them.
package struct SocketTable: Sendable, Hashable {
  /// Sockets with a peer: every state that is neither listening nor over.
  package var connections: [SocketSample]
  package var listeners: [ListeningSocket]
  /// Sockets of whose description the kernel's answer had only the first part in order: they lack what follows.
  package var damaged = 0
  package var namespace: NamespaceID

  package init(
    connections: [SocketSample] = [], listeners: [ListeningSocket] = [], namespace: NamespaceID = .own
  ) {
    self.connections = connections
    self.listeners = listeners
    self.namespace = namespace
  }
}

/// A socket that takes connections.
package struct ListeningSocket: Sendable, Hashable {
  package var address: SocketAddress
  /// Whether an IPv6 socket refuses IPv4; nil for IPv4 sockets, and when the kernel does not say.
  package var isV6Only: Bool?

  package init(_ address: SocketAddress, isV6Only: Bool? = nil) {
    self.address = address
    self.isV6Only = isV6Only
  }

  /// Whether a connection with this local address came in through this socket.
  ///
  /// An IPv6 socket on every address takes IPv4 too, unless it is known to refuse: that is the system's default.
  package func accepts(_ local: SocketAddress) -> Bool {
    guard address.port == local.port else { return false }
    if address.address == local.address { return true }
    guard address.address.isUnspecified else { return false }
    if address.address.isV4 { return local.address.isV4 }
    return !local.address.isV4 || isV6Only != true
  }
}
