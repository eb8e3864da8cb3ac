internal import DeptopModel

/// Bounds how many refusals are written down: anybody on the host can cause one, and the audit is kept for good.
struct RefusalQuota: Sendable {
  /// Refusals of one user that are recorded within the window.
  static let perUser = 20
  static let window = Duration.seconds(600)
  /// Users that are told apart; those beyond share one quota.
  static let users = 1000

  private struct Count {
    var since: WallTime
    var used: Int
  }

  private var counts: [UInt32: Count] = [:]

  /// Takes one from a user's quota; false when it is used up.
  mutating func admits(_ user: UInt32, at now: WallTime) -> Bool {
    counts = counts.filter { now - $0.value.since < RefusalQuota.window && $0.value.since <= now }
    let key = counts[user] == nil && counts.count >= RefusalQuota.users ? UInt32.max : user
    var count = counts[key] ?? Count(since: now, used: 0)
    count.used += 1
    counts[key] = count
    return count.used <= RefusalQuota.perUser
  }
}
