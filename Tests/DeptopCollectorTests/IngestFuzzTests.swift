import DeptopConnection
import DeptopModel
import DeptopTestSupport
import DeptopWire
import Testing

@testable import DeptopCollector

/// Mangled reports on a real socket, a fixed number of them from fixed seeds.
@Suite(.serialized, .timeLimit(.minutes(2)))
struct IngestFuzzTests {
  private static let report = #"""
    {"client":"app","countingSince":1.5,"dependencies":[{"name":"x","kind":"http","host":"10.0.0.1","port":80,
    "pool":{"active":1,"idle":2,"max":5,"pending":0,"oldestWaitSeconds":0.5},"totals":{"requests":10,"attempts":12,
    "fates":{"success":9,"timeout":1},"timeouts":{"read":1},"errors":{"E":1},"resets":0},"responseTime":
    {"exponential":{"scale":5,"buckets":[[-200,5],[-100,5]]}},"waitTime":{"buckets":{"boundsSeconds":[0.1,1],
    "counts":[1,2,3]}},"waiting":1,"breaker":{"state":"open","since":5,"transitions":[{"at":1,"from":"closed",
    "to":"open"}]},"policy":{"deadlineSeconds":1,"retries":2,"retryBudget":0.1},"connections":[{"local":
    {"address":"127.0.0.1","port":5},"remote":{"address":"10.0.0.1","port":80},"isActive":true}],"verbs":["drain"]}]}
    """#
  private static let fragments = [
    "1e308", "-1", "18446744073709551615", "9223372036854775808", "null", "[]", "{}", "\"\"", "0.0000001", "true",
    "\\u0000", "\u{202e}", "-9223372036854775808", "1e-320", "[[32767,1]]", "\"half-open\"",
  ]

  private struct Generator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state ^ state >> 29
    }
  }

  private static func mangled(using generator: inout Generator) -> String {
    var text = Array(report)
    for _ in 0..<Int.random(in: 1...4, using: &generator) {
      let start = Int.random(in: 0..<text.count, using: &generator)
      let end = min(text.count, start + Int.random(in: 0...12, using: &generator))
      let fragment = Array(fragments.randomElement(using: &generator) ?? "")
      text.replaceSubrange(start..<end, with: fragment)
    }
    return String(text)
  }

  @Test(arguments: 0..<4)
  func `mangled reports are answered one by one, and the collector goes on`(seed: Int) async throws {
    try await RunningCollector.run { running in
      var generator = Generator(state: UInt64(seed) &+ 77)
      for number in 0..<250 {
        let body = Self.mangled(using: &generator)
        let connection = try RawConnection(to: running.ingestPath)
        try connection.send(
          "PUT /v1/agents/f\(number % 7) HTTP/1.1\r\nhost: d\r\nconnection: close\r\n"
            + "content-length: \(body.utf8.count)\r\n\r\n\(body)")
        let answer = try connection.readToEnd()
        #expect(answer.hasPrefix("HTTP/1.1 200") || answer.hasPrefix("HTTP/1.1 4"), "\(body) → \(answer.prefix(200))")
      }
      let before = try await running.connection.get(API.snapshot, as: Snapshot.self).sequence
      try await waitUntil("ticks go on") {
        try await running.connection.get(API.snapshot, as: Snapshot.self).sequence > before + 2
      }
    }
  }
}
