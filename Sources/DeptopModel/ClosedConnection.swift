/// A connection at its end, as the kernel's destroy event tells it.
///
/// The kernel does not say why it ended; the last figures of the connection tell most of it.
package struct ClosedConnection: Sendable, Hashable {
  package var namespace: NamespaceID
  package var local: SocketAddress
  package var remote: SocketAddress
  package var cookie: UInt64
  package var at: WallTime
  /// True when no sweep had seen it: it was shorter than the pause between two.
  package var isUnseen: Bool
  package var info: TCPInfo?

  package init(
    namespace: NamespaceID, local: SocketAddress, remote: SocketAddress, cookie: UInt64, at: WallTime, isUnseen: Bool,
    info: TCPInfo?
  ) {
    self.namespace = namespace
    self.local = local
    self.remote = remote
    self.cookie = cookie
    self.at = at
    self.isUnseen = isUnseen
    self.info = info
  }

  /// The bounds of an end that an idle time explains: silence before, a send just before, and that send unanswered.
  package static let shortestIdle = Duration.seconds(5)
  package static let longestSend = Duration.seconds(1)

  /// How long the connection was idle before its last send, when the end came in answer to that send.
  ///
  /// The signature of a middlebox or a server that has forgotten the connection and answers with RST: data unanswered,
  /// nothing received for at least ``shortestIdle``, and the last send within ``longestSend``.
  package var idleBeforeReset: Duration? {
    guard let info, info.hasUnanswered else { return nil }
    let silent = Duration.milliseconds(Int(info.lastDataReceivedMilliseconds))
    let sent = Duration.milliseconds(Int(info.lastDataSentMilliseconds))
    guard sent <= Self.longestSend, silent >= Self.shortestIdle, silent - sent >= Self.shortestIdle else { return nil }
    return silent - sent
  }
}

/// Connections to a dependency that ended within the last ten minutes.
package struct ClosingSummary: Sendable, Hashable, Codable {
  /// How long an end counts.
  package static let window = Duration.seconds(600)

  package var closed: Int
  /// Those that no sweep had seen.
  package var unseen: Int
  /// Those that were reset in answer to the first send after a silence.
  package var resetAfterIdle: Int
  /// The idle times before those, shortest and longest.
  package var shortestIdle: Duration?
  package var longestIdle: Duration?
  /// When the last of those ended.
  package var lastResetAt: WallTime?

  private enum CodingKeys: String, CodingKey {
    case closed, unseen, resetAfterIdle, lastResetAt
    case shortestIdle = "shortestIdleSeconds"
    case longestIdle = "longestIdleSeconds"
  }

  package init(
    closed: Int = 0, unseen: Int = 0, resetAfterIdle: Int = 0, shortestIdle: Duration? = nil,
    longestIdle: Duration? = nil, lastResetAt: WallTime? = nil
  ) {
    self.closed = closed
    self.unseen = unseen
    self.resetAfterIdle = resetAfterIdle
    self.shortestIdle = shortestIdle
    self.longestIdle = longestIdle
    self.lastResetAt = lastResetAt
  }
}
