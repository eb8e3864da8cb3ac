internal import DeptopControl
internal import DeptopKernel
internal import DeptopModel

extension SocketOffers {
  /// The offer of a repair; without a privileged side it says that there is none.
  static func offers(for dependency: Dependency, by sockets: SocketControl?, _ absence: String) -> [ActionOffer] {
    sockets?.offers(for: dependency) ?? offers(for: dependency, means: .failed(.absent(absence)))
  }

  /// Why nothing can be repaired.
  static func reasonAgainst(_ dependency: Dependency, by sockets: SocketControl?, _ absence: String) -> String {
    if sockets == nil { return HostAccessError.absent(absence).inWords }
    return offers(for: dependency, by: sockets, absence).first?.unavailable
      ?? "the kernel's table has not been read for \(dependency.id) yet"
  }
}
