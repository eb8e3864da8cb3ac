internal import NIOCore
internal import Synchronization

/// The addresses of a dependency's name, kept as long as the client is told to keep them.
final class NameLookup: Sendable {
  fileprivate struct State {
    var addresses: [String] = []
    var expires: Int64 = 0
    /// Grows with each address that is handed out.
    var turn = 0
  }

  private let client: NameClient
  private let state = Mutex(State())
  /// Takes the time of each look-up, microseconds.
  private let took: @Sendable (Int64) -> Void

  init(client: NameClient, took: @escaping @Sendable (Int64) -> Void = { _ in }) {
    self.client = client
    self.took = took
  }

  /// The next address for a new connection, one after the other of those there are.
  func address(of host: String, caching: NameCaching, until deadline: Int64?) async throws(AttemptFailure) -> String {
    if NameLookup.isAddress(host) { return host }
    let now = LabClock.now
    let kept = state.withLock { caching == .none || $0.expires <= now ? nil : $0.next() }
    if let kept { return kept }
    try await ask(host, caching: caching, until: deadline)
    guard let address = state.withLock({ $0.next() }) else { throw .unresolved("\(host): the name has no address") }
    return address
  }

  /// Asks the name server, whatever is kept, and keeps the answer.
  ///
  /// - Returns: All addresses, in the server's order.
  @discardableResult
  func ask(_ host: String, caching: NameCaching, until deadline: Int64?) async throws(AttemptFailure) -> [String] {
    if NameLookup.isAddress(host) { return [host] }
    let began = LabClock.now
    let answer = try await client.ask(host, until: deadline)
    let now = LabClock.now
    took(now - began)
    state.withLock { state in
      state.addresses = answer.addresses
      switch caching {
      case .none: state.expires = 0
      case .timeToLive: state.expires = now + Int64(answer.timeToLive) * 1_000_000
      case .forever: state.expires = .max
      }
    }
    return answer.addresses
  }

  /// Forgets what is kept.
  func flush() {
    state.withLock { $0.expires = 0 }
  }

  private static func isAddress(_ host: String) -> Bool {
    (try? SocketAddress(ipAddress: host, port: 0)) != nil
  }
}

extension NameLookup.State {
  fileprivate mutating func next() -> String? {
    guard !addresses.isEmpty else { return nil }
    turn = (turn + 1) % addresses.count
    return addresses[turn]
  }
}
