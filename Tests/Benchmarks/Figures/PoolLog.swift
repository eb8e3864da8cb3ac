/// What PgBouncer's log tells of the connections that it makes.
package struct PoolLog: Sendable {
  /// Connections to servers in the second of its log that has most of them.
  package let busiestSecond: Int

  /// - Parameter text: Lines that begin with date and time, such as `2026-01-31 10:00:00.123 UTC [7] LOG …`.
  package init(_ text: String) {
    let seconds = text.split(separator: "\n").filter { $0.contains("new connection to server") }.map { $0.prefix(19) }
    busiestSecond = Dictionary(grouping: seconds) { $0 }.values.map(\.count).max() ?? 0
  }
}
