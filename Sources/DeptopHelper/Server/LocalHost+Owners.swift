package import DeptopKernel
package import DeptopModel

extension LocalHost {
  /// How long one request may read descriptors: the collector gives up after 5 s.
  static let searchTime = Duration.seconds(2)

  package func owners(of inodes: [UInt32]) throws(HostAccessError) -> [UInt32: SocketOwner] {
    let end = now() + Self.searchTime
    guard let owners = files.owners(of: inodes, while: { now() < end }) else {
      throw .refused(
        "the processes have too many open files to be searched in \(Self.searchTime.components.seconds) s")
    }
    return owners
  }
}
