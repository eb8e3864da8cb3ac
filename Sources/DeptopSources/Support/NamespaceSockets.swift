package import DeptopKernel
package import DeptopModel
internal import Glibc
internal import Synchronization

/// Sockets of another namespace, from a process that may make them.
package final class NamespaceSockets: SocketOpening {
  private let access: any HostAccess
  private let namespace: NamespaceID
  /// Set once the process does not answer, so that not every socket waits for it.
  private let refusal = Mutex<SocketRefusal?>(nil)

  package init(access: any HostAccess, namespace: NamespaceID) {
    self.access = access
    self.namespace = namespace
  }

  package func open(_ kind: ProbeSocket, isV4: Bool) throws(SocketRefusal) -> Int32 {
    if let refusal = refusal.withLock({ $0 }) { throw refusal }
    let descriptor: Int32
    do throws(HostAccessError) {
      descriptor = try access.openSocket(namespaceSocket(kind, isV4: isV4), in: namespace)
    } catch {
      let new = SocketRefusal("no socket in \(namespace): \(error)")
      if case .refused = error { throw new }
      refusal.withLock { $0 = new }
      throw new
    }
    let flags = fcntl(descriptor, F_GETFL)
    guard flags >= 0, fcntl(descriptor, F_SETFL, flags | O_NONBLOCK) == 0 else {
      let error = SystemError.last
      close(descriptor)
      throw SocketRefusal("the socket in \(namespace) stays blocking: \(error)")
    }
    return descriptor
  }

  private func namespaceSocket(_ kind: ProbeSocket, isV4: Bool) -> NamespaceSocket {
    switch kind {
    case .tcp: isV4 ? .tcp4 : .tcp6
    case .echo: isV4 ? .icmp4 : .icmp6
    }
  }
}
