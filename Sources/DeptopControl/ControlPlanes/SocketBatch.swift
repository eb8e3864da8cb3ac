/// How many live connections may be closed at once.
enum SocketBatch {
  /// A fifth of those there are, and at least one.
  static func size(live: Int) -> Int { max(1, live / SocketPace.batchDivisor) }

  /// What may be closed now so that half of the pool, as it was, stays ready; 0 until closed ones are replaced.
  ///
  /// - Parameters:
  ///   - live: Usable connections when the action began.
  ///   - ready: Usable connections now, without those that this action has closed.
  /// - Returns: A number of connections.
  static func size(live: Int, ready: Int) -> Int { max(0, min(size(live: live), ready - live / 2)) }
}
