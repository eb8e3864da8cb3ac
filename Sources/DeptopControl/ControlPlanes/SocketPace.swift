internal import DeptopModel

/// The figures that a repair keeps to.
enum SocketPace {
  /// Keepalive while it is found out who answers: the first probe after 1 s of silence, then one each second.
  static let provingIdle: Int32 = 1
  static let provingInterval: Int32 = 1
  /// At least five probes, so that a gap of 3 s closes nothing.
  static let probes: Int32 = 5
  /// Looks at the kernel's table until whoever answers none of the probes is gone: idle + interval × probes, and one.
  static let provingLooks = Int(provingIdle + provingInterval * probes) + 1
  static let look = Duration.seconds(1)
  /// TCP_USER_TIMEOUT on a dead connection, milliseconds: the kernel gives up at the next retransmission.
  static let userTimeout: Int32 = 2000
  /// Probes of a closed window in a row without an answer, from which on the peer is taken not to answer.
  static let unansweredProbes = 2
  /// A retransmission that is due later than this is not waited for.
  static let dueSoon = Duration.seconds(5)
  /// Keepalive that stays where nothing is known of the path: below the shortest timeouts that are in use (Azure 240 s).
  static let unknownPathIdle: Int32 = 60
  /// The largest keepalive time that the kernel takes, seconds (`MAX_TCP_KEEPIDLE`).
  static let longestIdle: Int32 = 32_767
  static let stayingInterval: Int32 = 10
  /// How long the peer must have closed before the application's end counts as forgotten.
  static let forgottenAfter = Duration.seconds(300)
  /// The share of what is sent again to the segment size from which on a path is taken to lose large packets only.
  static let fullSegment = 0.9
  /// Live connections that are closed in one step, of those there are.
  static let batchDivisor = 5
  /// How long closed connections may take to be replaced.
  static let replacementLooks = 30
  /// How long all that is left to do may be in namespaces that are not read.
  static let readingLooks = 30
  /// How long more callers may wait than when it began.
  static let waitingLooks = 3
  /// How long the privileged side lets a plan be carried out: its own limit for a paced one; one that is announced to
  /// be carried out at once is not kept for longer than that takes, as it keeps few.
  static let pacedLife = Duration.seconds(600)
  static let shortLife = Duration.seconds(30)
  /// The most connections of one plan, and of one request to the privileged side.
  static let largestPlan = 1000
  static let chunk = 200
  /// How long the kernel's table is read for the proof: a whole sweep may come every 5 s only.
  static let proofTime = Duration.seconds(10)
  /// A retransmission can be that far away (`TCP_RTO_MAX`).
  static let longestRetransmit = Duration.seconds(120)
}

/// The keepalive that stays on the connections that live.
struct StayingKeepalive: Hashable {
  /// Seconds.
  var idle: Int32
  var interval: Int32
  /// What the time was chosen from; nil when nothing is known of the path.
  var pathTimeout: Duration?

  /// A third of the path's idle timeout, so that two probes may be lost on the way.
  init(pathTimeout: Duration?) {
    self.pathTimeout = pathTimeout
    guard let seconds = pathTimeout?.seconds, seconds.isFinite else {
      self.pathTimeout = nil
      idle = SocketPace.unknownPathIdle
      interval = SocketPace.stayingInterval
      return
    }
    idle = Int32(min(Double(SocketPace.longestIdle), max(1, seconds / 3)))
    interval = min(SocketPace.stayingInterval, idle)
  }

  /// For one connection, whose own time (seconds, 0 without keepalive) is kept where it is the shorter one.
  func idle(before: Int32) -> Int32 { before > 0 ? min(before, idle) : idle }

  var inWords: String {
    guard let pathTimeout else { return "keepalive of \(idle) s (the path's idle timeout is not known)" }
    return "keepalive of \(idle) s (a third of the path's idle timeout of \(Int(pathTimeout.seconds.rounded())) s)"
  }
}
