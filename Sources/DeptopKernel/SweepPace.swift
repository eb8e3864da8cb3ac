/// Decides how much of the socket table a sweep reads.
///
/// A sweep of a large table is nearly all kernel work that grows with the table. Between two whole sweeps of one, only
/// the connections to the ports of configured dependencies are read.
package struct SweepPace: Sendable {
  /// Tables up to this many connections are always read whole: it takes a few milliseconds.
  package static let smallTable = 2_000
  /// A large table is read whole this often.
  package static let wholeInterval: Duration = .seconds(5)

  /// nil when there is nothing to watch in particular, or too much for a filter.
  private let watched: SocketFilter?

  /// Watches connections to these remote ports.
  package init(watching ports: [UInt16]) {
    // Port 0 brings the listening sockets along, without which no direction can be told.
    watched = ports.isEmpty ? nil : SocketFilter(side: .remote, ports: ports + [0])
  }

  /// Chooses what the next sweep reads.
  ///
  /// - Parameters:
  ///   - size: the connections in the last whole sweep.
  ///   - age: the time since it; nil when there was none.
  /// - Returns: the filter for it; nil when it is to be whole.
  package func filter(afterWholeSweepOf size: Int, age: Duration?) -> SocketFilter? {
    guard let age, age < Self.wholeInterval, size > Self.smallTable else { return nil }
    return watched
  }
}
