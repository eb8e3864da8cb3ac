internal import DeptopModel
internal import DeptopPgBouncer

/// When the entries of PgBouncer's DNS cache have surely run out, as far as it was watched.
///
/// PgBouncer reports the rest of an entry's time in whole seconds rounded down, so that an entry which reads zero
/// may still be used for almost a second: the first sight of it is what tells.
struct CacheExpiry {
  private struct Entry {
    var addresses: [IPAddress]
    var end: ContinuousClock.Instant
  }

  private var entries: [String: Entry] = [:]

  /// Takes note of an entry, and answers for how long it may still be used.
  mutating func remaining(of row: DNSHostRow, now: ContinuousClock.Instant) -> Duration {
    var end = now + row.remaining + .seconds(1)
    if let known = entries[row.name], known.addresses == row.addresses {
      // One that was looked up again since has more time left than the known one could have.
      let isSame = row.remaining == .zero || end - known.end <= .seconds(1)
      if isSame { end = min(end, known.end) }
    }
    entries[row.name] = Entry(addresses: row.addresses, end: end)
    return max(end - now, .zero)
  }
}
