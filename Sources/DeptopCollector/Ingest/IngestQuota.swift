internal import DeptopModel

/// How much one user may hand in: requests and bytes by token buckets, so that one cannot starve the others.
struct IngestQuota: Sendable {
  /// Requests a second on average, and at once.
  static let requestRate = 200.0
  static let requestBurst = 400.0
  /// Bytes a second on average, and at once.
  static let byteRate = 16.0 * 1024 * 1024
  static let byteBurst = 64.0 * 1024 * 1024
  /// One request's body, as sent and after decompression.
  static let largestBody = 8 * 1024 * 1024
  static let largestInflated = 32 * 1024 * 1024
  /// Users that are remembered.
  static let usersKept = 10_000

  private struct Bucket: Sendable {
    var requests = IngestQuota.requestBurst
    var bytes = IngestQuota.byteBurst
    var at: WallTime
  }

  private var buckets: [UInt32: Bucket] = [:]

  /// Takes requests and bytes of a user from the quota.
  ///
  /// - Returns: How long to wait before the next try; nil when the request is admitted.
  mutating func admit(_ uid: UInt32, requests: Double = 0, bytes: Double = 0, at now: WallTime) -> Duration? {
    if buckets.count >= IngestQuota.usersKept { buckets = buckets.filter { now - $0.value.at < .seconds(60) } }
    var bucket = buckets[uid] ?? Bucket(at: now)
    let passed = max(0, (now - bucket.at).seconds)
    bucket.requests = min(IngestQuota.requestBurst, bucket.requests + passed * IngestQuota.requestRate)
    bucket.bytes = min(IngestQuota.byteBurst, bucket.bytes + passed * IngestQuota.byteRate)
    bucket.at = now
    defer { buckets[uid] = bucket }
    let missing = max(
      (requests - bucket.requests) / IngestQuota.requestRate, (bytes - bucket.bytes) / IngestQuota.byteRate)
    guard missing <= 0 else { return .seconds(missing) }
    bucket.requests -= requests
    bucket.bytes -= bytes
    return nil
  }
}
