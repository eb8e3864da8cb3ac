internal import DeptopModel

/// Where a connection goes, as one place: a loopback address is another place in each network namespace.
struct RemotePlace: Sendable, Hashable {
  var address: SocketAddress
  /// The collector's own but for a loopback address.
  var namespace: NamespaceID

  init(_ address: SocketAddress, in namespace: NamespaceID) {
    self.address = address
    self.namespace = address.address.isLoopback ? namespace : .own
  }

  init(_ sample: SocketSample) {
    self.init(sample.remote, in: sample.namespace)
  }
}
