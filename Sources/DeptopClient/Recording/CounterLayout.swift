/// Where each counter lies in one shard, in words of eight bytes.
enum CounterLayout {
  /// Calls of one attempt, by fate.
  static let fates = 0
  /// The attempts of all other calls.
  static let attempts = 8
  static let resets = 9
  static let notPermitted = 10
  static let begun = 11
  static let ended = 12
  /// One bit for each slot below that is taken.
  static let slotsTaken = 13
  static let timeouts = 14
  static let errors = 20
  /// Calls of none or several attempts, by fate.
  static let otherFates = 53
  /// Attempts that were answered after their caller had given up.
  static let late = 61
  /// When the call in each slot began, nanoseconds of the monotonic clock; 0 for none.
  static let slots = 64
  static let slotCount = 64
  static let responseTime = 128
  static let waitTime = responseTime + histogramWords
  /// Four histograms, in the order of ``CallPhase``.
  static let phases = waitTime + histogramWords

  /// A histogram's buckets, up to whole cache lines.
  static let histogramWords = 856
  /// 128 counters and six histograms, up to whole pages of 4 KiB: 11 pages, 45,056 bytes.
  static let shardWords = 5_632
  static let wordBytes = 8
}
