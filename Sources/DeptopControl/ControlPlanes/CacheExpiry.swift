internal import DeptopModel
internal import DeptopPgBouncer

/// When the entries of PgBouncer's DNS cache have surely run out, as far as it was watched.
///
/// PgBouncer reports the rest of an entry's time in whole seconds rounded down, so that an entry which reads zero
/// may still be used for almost a second: the first sight of it is what tells, here or by the source that reads it.
struct CacheExpiry {
  private struct Entry {
    var addresses: [IPAddress]
    var end: ContinuousClock.Instant
  }

  private var entries: [String: Entry] = [:]

  /// Takes note of since when the source has read an entry as run out.
  ///
  /// - Parameters:
  ///   - reading: What it reads; nothing follows from one that has time left.
  ///   - now: The time that the cache is watched by.
  ///   - wallTime: The time of day at `now`.
  mutating func learn(_ reading: Reading<OwnerResolution>, now: ContinuousClock.Instant, at wallTime: WallTime) {
    guard reading.value.remaining == .zero, let addresses = reading.value.addresses else { return }
    let age = wallTime - reading.observedAt
    guard age >= .zero else { return }
    let name = reading.value.host.lowercased()
    let end = now - age + .seconds(1)
    if let known = entries[name], known.addresses == addresses, known.end <= end { return }
    entries[name] = Entry(addresses: addresses, end: end)
  }

  /// Takes note of an entry, and answers for how long it may still be used.
  mutating func remaining(of row: DNSHostRow, now: ContinuousClock.Instant) -> Duration {
    var end = now + row.remaining + .seconds(1)
    let name = row.name.lowercased()
    if let known = entries[name], known.addresses == row.addresses {
      // One that was looked up again since has more time left than the known one could have.
      let isSame = row.remaining == .zero || end - known.end <= .seconds(1)
      if isSame { end = min(end, known.end) }
    }
    entries[name] = Entry(addresses: row.addresses, end: end)
    return max(end - now, .zero)
  }
}
