internal import DeptopModel

/// What connections to one remote address and port went through lately.
struct RemoteHistory: Sendable {
  /// How long a silence that was survived, or not, says something of the path.
  static let pathMemory = Duration.seconds(1800)
  /// How long an exchange counts for the estimate of response times, and how many are kept.
  static let replyWindow = Duration.seconds(60)
  static let repliesKept = 512
  /// Ends are counted in slots of this length.
  private static let slot = Duration.seconds(10)

  private var ends: [Ends] = []
  private var survived: Silence?
  private var failed: Silence?
  private var replies: [Reply] = []

  private struct Ends: Sendable {
    var since: WallTime
    var summary: ClosingSummary
  }

  private struct Silence: Sendable {
    var length: Duration
    var at: WallTime
  }

  private struct Reply: Sendable {
    var took: Duration
    var at: WallTime
  }

  /// True when nothing in it is young enough to say anything.
  var isEmpty: Bool { ends.isEmpty && survived == nil && failed == nil && replies.isEmpty }

  /// True when nothing ended and nothing answered lately.
  var tellsOfSilencesOnly: Bool { ends.isEmpty && replies.isEmpty }

  mutating func record(_ closed: ClosedConnection) {
    if ends.last.map({ closed.at - $0.since >= Self.slot }) ?? true {
      ends.append(Ends(since: closed.at, summary: ClosingSummary()))
    }
    ends[ends.count - 1].summary.record(closed)
    if let idle = closed.idleBeforeReset { recordFailed(idle, at: closed.at) }
  }

  mutating func recordReply(_ took: Duration, at now: WallTime) {
    replies.append(Reply(took: took, at: now))
    if replies.count > 2 * Self.repliesKept { replies.removeFirst(replies.count - Self.repliesKept) }
  }

  /// A connection moved data again after this long without any.
  mutating func recordSurvived(_ silence: Duration, at now: WallTime) {
    if let survived, survived.length > silence, now - survived.at < Self.pathMemory { return }
    survived = Silence(length: silence, at: now)
  }

  /// A connection was lost at its first use after this long without any.
  mutating func recordFailed(_ silence: Duration, at now: WallTime) {
    if let failed, failed.length < silence, now - failed.at < Self.pathMemory { return }
    failed = Silence(length: silence, at: now)
  }

  /// Lets go of what is too old.
  mutating func expire(at now: WallTime) {
    ends.removeAll { now - $0.since > ClosingSummary.window }
    if let first = replies.first, now - first.at > Self.replyWindow {
      replies.removeAll { now - $0.at > Self.replyWindow }
    }
    if let at = survived?.at, now - at > Self.pathMemory { survived = nil }
    if let at = failed?.at, now - at > Self.pathMemory { failed = nil }
  }

  /// The ends of the last ten minutes; nil when there was none.
  var closings: ClosingSummary? {
    ends.map(\.summary).reduce(nil) { sum, next in sum.map { $0.adding(next) } ?? next }
  }

  var survivedIdle: Duration? { survived?.length }
  var failedIdle: Duration? { failed?.length }
  var replyTimes: [Duration] { replies.suffix(Self.repliesKept).map(\.took) }
}

extension ClosingSummary {
  fileprivate mutating func record(_ end: ClosedConnection) {
    closed += 1
    if end.isUnseen { unseen += 1 }
    guard let idle = end.idleBeforeReset else { return }
    resetAfterIdle += 1
    shortestIdle = min(shortestIdle ?? idle, idle)
    longestIdle = max(longestIdle ?? idle, idle)
    lastResetAt = max(lastResetAt ?? end.at, end.at)
  }

  /// Both together.
  func adding(_ other: ClosingSummary) -> ClosingSummary {
    ClosingSummary(
      closed: closed + other.closed, unseen: unseen + other.unseen,
      resetAfterIdle: resetAfterIdle + other.resetAfterIdle,
      shortestIdle: [shortestIdle, other.shortestIdle].compactMap { $0 }.min(),
      longestIdle: [longestIdle, other.longestIdle].compactMap { $0 }.max(),
      lastResetAt: [lastResetAt, other.lastResetAt].compactMap { $0 }.max())
  }
}

extension ReplyEstimate {
  /// nil without samples.
  init?(of times: [Duration], resolution: Duration) {
    guard let slowest = times.max() else { return nil }
    self.init(
      median: times.sorted()[(times.count - 1) / 2], slowest: slowest, samples: times.count, resolution: resolution)
  }
}
