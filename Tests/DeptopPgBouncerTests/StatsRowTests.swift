import DeptopModel
import DeptopPgBouncer
import Testing

@Suite struct StatsRowTests {
  /// Totals with times in microseconds.
  private func totals(_ queries: Int, time: Int, wait: Int) throws -> StatsRow {
    let text = """
      database|total_query_count|total_query_time|total_wait_time
      appdb|\(queries)|\(time)|\(wait)
      """
    return try #require(ConsoleTable.row(text).flatMap(StatsRow.init))
  }

  @Test func `the time that the database took is the query time without the wait`() throws {
    let reading = try totals(110, time: 21_000_000, wait: 8_500_000)
      .requests(since: totals(100, time: 11_000_000, wait: 500_000), over: .seconds(2))
    #expect(
      reading == RequestReading(rate: 5, upstreamMean: .milliseconds(200), waitMean: .milliseconds(800)))
  }

  @Test func `waiters that gave up make the upstream time unknown, not zero`() throws {
    let reading = try totals(10, time: 1_000, wait: 9_000)
      .requests(since: totals(0, time: 0, wait: 0), over: .seconds(1))
    #expect(reading?.upstreamMean == nil)
    #expect(reading?.waitMean == .microseconds(900))
  }

  @Test func `without queries there is a rate of zero and no mean`() throws {
    let same = try totals(5, time: 100, wait: 10)
    #expect(
      same.requests(since: same, over: .seconds(1)) == RequestReading(rate: 0, upstreamMean: nil, waitMean: nil))
  }

  @Test func `queries that arrive while none ends have no mean`() throws {
    let reading = try totals(15, time: 100, wait: 10)
      .requests(since: totals(5, time: 100, wait: 10), over: .seconds(1))
    #expect(reading == RequestReading(rate: 10, upstreamMean: nil, waitMean: nil))
  }

  @Test func `totals that went back are a restart, and no reading`() throws {
    let earlier = try totals(100, time: 1_000, wait: 100)
    #expect(try totals(3, time: 30, wait: 3).requests(since: earlier, over: .seconds(1)) == nil)
  }

  @Test func `a total that is missing makes the row unreadable`() {
    #expect(ConsoleTable.row("database|total_query_count\nappdb|5").flatMap(StatsRow.init) == nil)
  }
}
