import DeptopBenchmarkFigures
import DeptopLab
import Testing

/// The action is at 100 s; requests come each 10 ms.
struct AftermathTests {
  private let action: Int64 = 100_000_000

  private func request(_ number: Int64, at began: Int64, took: Int64 = 1000, _ end: LedgerLine.End = .success)
    -> LedgerLine
  {
    .request(
      LedgerLine.RequestLine(
        id: "web-\(number)", dependency: "cache", began: began, ended: began + took, end: end,
        attempts: took > 0 ? 1 : 0, limit: "-"))
  }

  private func served(_ number: Int64, at: Int64, _ outcome: String = "ok") -> LedgerLine {
    .served(
      LedgerLine.ServedLine(
        id: "web-\(number).1", address: "10.0.0.1", received: at, ended: at + 500, outcome: outcome))
  }

  private func cut(_ number: Int64, at: Int64) -> LedgerLine {
    .attempt(
      LedgerLine.AttemptLine(
        id: "web-\(number).1", began: at, ended: at + 1000, localPort: 4000, address: "10.0.0.1", outcome: "reset"))
  }

  private func scene(isRestart: Bool) -> Aftermath.Scene {
    Aftermath.Scene(
      clients: ["web"], dependency: "cache",
      measure: Recovery.Measure(window: 1_000_000, failures: 0, fewest: 4), calm: 90_000_000..<92_000_000,
      observed: action..<action + 5_000_000, isRestart: isRestart)
  }

  /// One request each 10 ms from one moment to another, the numbers ascending from a first one.
  private func calls(_ from: Int64, _ to: Int64, first: Int64, _ end: LedgerLine.End = .success) -> [LedgerLine] {
    stride(from: from, to: to, by: 10_000).enumerated().map { index, at in
      request(first + Int64(index), at: at, end)
    }
  }

  @Test func `what fails between the action and health is counted, and the time until then`() throws {
    let web =
      calls(action, action + 500_000, first: 1, .notRetryable) + calls(action + 500_000, action + 5_000_000, first: 51)
    let aftermath = Aftermath(["web": web], scene(isRestart: false))
    #expect(aftermath.failed == 50)
    #expect(aftermath.causedByAction == 0)
    #expect(try abs(#require(aftermath.secondsToHealthy) - 0.491) < 0.001)
  }

  @Test func `a cut connection counts as the action's doing only where the upstream had the request`() {
    let web =
      [request(1, at: action, .failure), cut(1, at: action), request(2, at: action, .failure), cut(2, at: action)]
      + calls(action + 10_000, action + 5_000_000, first: 3)
    let aftermath = Aftermath(["web": web, "cache": [served(2, at: action, "abandoned")]], scene(isRestart: false))
    #expect(aftermath.failed == 2)
    #expect(aftermath.lostInFlight == 2)
    #expect(aftermath.causedByAction == 1)
  }

  @Test func `a cut attempt that was made good harms nobody`() {
    let web =
      [request(1, at: action, .successAfterRetry), cut(1, at: action)]
      + calls(action + 10_000, action + 5_000_000, first: 2)
    let aftermath = Aftermath(["web": web, "cache": [served(1, at: action, "abandoned")]], scene(isRestart: false))
    #expect(aftermath.failed == 0)
    #expect(aftermath.causedByAction == 0)
  }

  @Test func `a restart loses what was under way, and what comes while there is no process`() throws {
    // The old process ends with number 500,099; 500,098 and 500,099 have no end, the first of them was answered.
    let old = calls(action - 1_000_000, action - 20_000, first: 500_000)
    let upstream = [served(500_098, at: action - 20_000), served(500_099, at: action - 10_000, "abandoned")]
    // The new one begins 200 ms after the action: it refuses for 300 ms, and then serves.
    let first = (action + 200_000) / 100 + 1
    let refused = stride(from: action + 200_000, to: action + 500_000, by: 10_000).enumerated().map {
      request(first + Int64($0.offset), at: $0.element, took: 0, .failure)
    }
    let new = calls(action + 500_000, action + 5_000_000, first: first + 30)
    let aftermath = Aftermath(["web": old + refused + new, "cache": upstream], scene(isRestart: true))
    #expect(aftermath.lostInFlight == 1)
    #expect(aftermath.notServed == 50)
    #expect(aftermath.failed == 51)
    #expect(aftermath.causedByAction == 51)
    #expect(try abs(#require(aftermath.secondsToHealthy) - 0.49) < 0.001)
  }

  @Test func `what an earlier process left open is not this restart's loss`() {
    let ledger =
      calls(action - 9_000_000, action - 8_500_000, first: 400_000) + calls(action - 500_000, action, first: 500_000)
    let end = ProcessEnd(ledger: ledger, served: [], action: action)
    #expect(end.lost == 0)
    #expect(end.began == nil)
    #expect(end.gap == 0)
  }

  @Test func `an upstream's load is told by its busiest second`() {
    let usual = (0..<20).map { served($0, at: 90_000_000 + $0 * 100_000) }
    let burst = (0..<30).flatMap { (index: Int64) in
      [
        served(100 + index, at: action + 2_000_000 + index * 1000),
        .connection(at: action + 2_000_000 + index, address: "10.0.0.1", peerPort: 4000, isOpen: true),
      ]
    }
    let aftermath = Aftermath(["cache": usual + burst], scene(isRestart: false))
    #expect(aftermath.requestsCalm == 10)
    #expect(aftermath.requestsPeak == 30)
    #expect(aftermath.connectionsCalm == 0)
    #expect(aftermath.connectionsPeak == 30)
  }
}

struct PoolAftermathTests {
  @Test func `a pooler's clients lose what is cut and what finds nobody, and a refusal is the server's`() throws {
    let ends: [PoolRequest.End] = [.refused, .cut, .notConnected, .notConnected]
    let requests = (0..<500).map { index in
      PoolRequest(
        began: 100_000_000 + Int64(index) * 10_000, ended: 100_000_000 + Int64(index) * 10_000 + 100,
        end: index < ends.count ? ends[index] : .success)
    }
    let aftermath = Aftermath(
      requests, by: Recovery.Measure(window: 1_000_000, failures: 0, fewest: 4), calm: 104_000_000..<105_000_000,
      observed: 100_000_000..<105_000_000, connectionsPeak: 3)
    #expect(aftermath.failed == 4)
    #expect(aftermath.lostInFlight == 1)
    #expect(aftermath.notServed == 2)
    #expect(aftermath.causedByAction == 3)
    #expect(aftermath.requestsCalm == 100)
    #expect(try abs(#require(aftermath.secondsToHealthy) - 0.0302) < 0.0005)
  }

  @Test func `the log's busiest second counts connections to servers only`() {
    let log = PoolLog(
      """
      2026-01-31 10:00:00.123 UTC [7] LOG S-0x1: appdb/postgres@127.0.0.3:5432 new connection to server (from 127.0.0.1:1)
      2026-01-31 10:00:00.900 UTC [7] LOG S-0x2: appdb/postgres@127.0.0.3:5432 new connection to server (from 127.0.0.1:2)
      2026-01-31 10:00:00.950 UTC [7] LOG C-0x2: appdb/app@127.0.0.1:4 login attempt
      2026-01-31 10:00:01.000 UTC [7] LOG S-0x3: appdb/postgres@127.0.0.3:5432 new connection to server (from 127.0.0.1:3)
      """)
    #expect(log.busiestSecond == 2)
    #expect(PoolLog("").busiestSecond == 0)
  }
}
