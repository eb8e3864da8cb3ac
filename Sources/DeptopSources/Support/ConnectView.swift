internal import DeptopModel

/// The attempts to connect to one address from its namespaces.
struct ConnectView {
  /// One that failed, else the slowest: an application that cannot connect counts.
  private(set) var worst: ConnectAttempt?
  /// Where the first connection that succeeded came from.
  private(set) var way: (any SocketOpening)?
  /// Why no attempt was made from a namespace, which says nothing about the address.
  private(set) var refusals: Set<String> = []

  mutating func note(_ attempt: ConnectAttempt, from sockets: any SocketOpening, refusals known: Set<String>) {
    if let failure = attempt.failure, known.contains(failure), !(sockets is OwnSockets) {
      refusals.insert(failure)
      return
    }
    if way == nil, attempt.duration != nil { way = sockets }
    guard let worst else { return worst = attempt }
    guard let slowest = worst.duration else { return }
    if attempt.duration.map({ $0 > slowest }) ?? true { self.worst = attempt }
  }
}
