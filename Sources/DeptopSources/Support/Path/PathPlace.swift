package import DeptopModel

/// An address of a dependency whose path is checked, and how.
package struct PathPlace {
  /// What tells one place from another.
  package struct Key: Hashable, Comparable {
    package var dependency: DependencyID
    package var address: SocketAddress

    package init(dependency: DependencyID, address: SocketAddress) {
      self.dependency = dependency
      self.address = address
    }

    package static func < (left: Key, right: Key) -> Bool {
      (left.dependency.rawValue, left.address) < (right.dependency.rawValue, right.address)
    }
  }

  package var key: Key
  /// The name that the dependency is configured with.
  package var host: String
  package var speech: PathProtocol
  package var isSizeProbed: Bool
  package var sockets: any SocketOpening

  package init(key: Key, host: String, speech: PathProtocol, isSizeProbed: Bool, sockets: any SocketOpening) {
    self.key = key
    self.host = host
    self.speech = speech
    self.isSizeProbed = isSizeProbed
    self.sockets = sockets
  }

  func sweep(timeout: Duration) -> SizeSweep {
    SizeSweep(address: key.address, sockets: sockets, timeout: timeout, speech: speech)
  }

  func handshake(timeout: Duration) -> HandshakeCheck {
    HandshakeCheck(address: key.address, host: host, sockets: sockets, timeout: timeout, speech: speech)
  }
}
