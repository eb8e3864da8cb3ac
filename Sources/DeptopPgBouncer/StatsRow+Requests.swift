package import DeptopModel

extension StatsRow {
  /// What happened since an earlier reading of the same database.
  ///
  /// PgBouncer counts a query when it arrives and adds its times when it ends, so that an interval in which
  /// queries arrive and none ends has a rate and no mean. When PgBouncer was restarted in between, its totals
  /// start at zero again, and there is no reading.
  package func requests(since earlier: StatsRow, over interval: Duration) -> RequestReading? {
    let count = queries - earlier.queries
    let time = queryTime - earlier.queryTime
    let wait = waitTime - earlier.waitTime
    guard count >= 0, time >= .zero, wait >= .zero, interval > .zero else { return nil }
    let hasProgress = time > .zero || wait > .zero
    return RequestReading(
      rate: Double(count) / interval.seconds,
      upstreamMean: count > 0 && time > .zero && time >= wait ? (time - wait) / count : nil,
      waitMean: count > 0 && hasProgress ? wait / count : nil)
  }
}
