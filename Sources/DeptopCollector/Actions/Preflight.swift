internal import DeptopModel
internal import DeptopSources

/// New connections to where a plan's would go, before it is made.
enum Preflight {
  /// Fresh connections to each destination that must succeed before a drain, all at the same time, and how long each may
  /// take.
  static let attempts = 3
  static let timeout = Duration.seconds(1)
  /// The same where nothing is closed but what is dead: one address that does not answer is no reason against it then, and
  /// must not hold it up.
  static let shortTimeout = Duration.milliseconds(300)
  /// The most network namespaces that new connections are tried from.
  static let mostNamespaces = 8

  /// Where new connections are tried from.
  static func namespaces(of targets: [PlanTarget]) -> [NamespaceID] {
    let namespaces = Set(targets.map(\.namespace)).sorted().prefix(mostNamespaces)
    return namespaces.isEmpty ? [.own] : Array(namespaces)
  }

  /// Tries new connections to destinations, and does not wait for long for one where another has answered every time.
  static func tried(
    _ destinations: [SocketAddress], from sockets: any SocketOpening, hurried: Bool
  ) async -> [[ConnectAttempt]] {
    let all = Array(repeating: destinations, count: attempts).joined()
    for limit in hurried ? [shortTimeout, timeout] : [timeout] {
      let results = await ConnectProbe().connectTimes(to: Array(all), attempts: 1, timeout: limit, from: sockets)
      let byDestination = destinations.indices.map { first in
        stride(from: first, to: results.count, by: destinations.count).flatMap { results[$0] }
      }
      if limit == timeout || byDestination.contains(where: \.hasAllAnswered) { return byDestination }
    }
    return []
  }
}
