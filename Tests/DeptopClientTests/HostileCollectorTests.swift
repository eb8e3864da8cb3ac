internal import Glibc
internal import Testing

@testable internal import DeptopClient

/// What a hostile collector sends, by a name that a failed test shows.
private struct Hostility: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let answer: ScriptedAnswer
  let kind: ReportingProblem.Kind

  init(_ name: String, _ answer: ScriptedAnswer, _ kind: ReportingProblem.Kind = .malformedAnswer) {
    (testDescription, self.answer, self.kind) = (name, answer, kind)
  }

  static let reports: [Hostility] = {
    let ok = "HTTP/1.1 200 OK\r\n"
    let zeros = String(repeating: "0", count: 40_000)
    return [
      Hostility("garbage", .send((0...255).map { UInt8($0) })),
      Hostility("nothing", .send([])),
      Hostility("silence", .sendAndHold([]), .timedOut),
      Hostility("half a head", .sendAndHold(bytes(ok + "content-le")), .timedOut),
      Hostility("half a head and an end", .send(bytes(ok + "content-le"))),
      Hostility("half a body", .send(bytes(ok + "content-length: 10\r\n\r\n123"))),
      Hostility("a body that never comes", .sendAndHold(bytes(ok + "content-length: 10\r\n\r\n")), .timedOut),
      Hostility("endless headers", .flood(bytes("HTTP/1.1 200 OK\r\n" + String(repeating: "a: b\r\n", count: 1_000)))),
      Hostility("endless interim answers", .flood(bytes("HTTP/1.1 100 Continue\r\n\r\n"))),
      Hostility("a large length", .sendAndHold(bytes(ok + "content-length: 9000000000\r\n\r\n"))),
      Hostility("a length beyond 64 bits", .send(bytes(ok + "content-length: 9\(zeros.prefix(40))\r\n\r\n"))),
      Hostility("a negative length", .send(bytes(ok + "content-length: -1\r\n\r\n"))),
      Hostility("an endless body", .flood(bytes("HTTP/1.1 200 OK\r\n\r\n" + zeros))),
      Hostility("a large chunk", .sendAndHold(bytes(ok + "transfer-encoding: chunked\r\n\r\nfffffffff\r\n"))),
      Hostility("no chunk", .send(bytes(ok + "transfer-encoding: chunked\r\n\r\nxyz"))),
      Hostility("an unknown coding", .send(bytes("HTTP/1.1 200 OK\r\ntransfer-encoding: gzip\r\n\r\n"))),
    ]
  }()

  static let streams: [Hostility] = {
    let head = "HTTP/1.1 200 OK\r\n\r\n"
    return [
      Hostility("no JSON", .send(bytes(head + "drain everything\n"))),
      Hostility("another verb", .send(bytes(head + #"{"number":1,"verb":"explode"}"# + "\n"))),
      Hostility("an endless line", .flood(bytes(head + String(repeating: "x", count: 10_000)))),
      Hostility("endless heartbeats", .flood(bytes(head + String(repeating: "\n", count: 10_000)))),
      Hostility("deep JSON", .send(bytes(head + String(repeating: "[", count: 60_000) + "\n"))),
      Hostility("half a chunk", .send(bytes("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n10\r\nabc"))),
    ]
  }()

  private static func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }
}

@Suite struct HostileCollectorTests {
  private let place = SocketPlace()

  @Test(arguments: Hostility.reports)
  private func `a hostile answer to a report becomes a problem in bounded time`(_ hostility: Hostility) {
    let collector = ScriptedCollector(path: place.path) { _ in hostility.answer }
    defer { collector.stop() }
    let reporter = Reporter(to: place.path, exchangeTimeout: .milliseconds(300))
    defer { reporter.shutdown() }
    #expect(eventually { reporter.lastProblem != nil })
    #expect(reporter.lastProblem?.kind == hostility.kind, "\(reporter.lastProblem?.description ?? "")")
    #expect(!reporter.isReporting)
  }

  @Test(arguments: Hostility.streams)
  private func `a hostile stream of commands becomes a problem, and reports go on`(_ hostility: Hostility) {
    let collector = ScriptedCollector(path: place.path) { $0.method == "GET" ? hostility.answer : .http() }
    defer { collector.stop() }
    let reporter = Reporter(to: place.path)
    defer { reporter.shutdown() }
    reporter.registerOrders().onCommand(.drain) { _, _ in
      Issue.record("a hostile line was executed")
      return .done()
    }
    #expect(eventually { reporter.lastProblem != nil })
    #expect(reporter.lastProblem?.kind == hostility.kind, "\(reporter.lastProblem?.description ?? "")")
    let taken = reporter.reportsTaken
    #expect(eventually { reporter.reportsTaken > taken })
  }

  @Test func `a collector that never reads costs a report, and not the application`() {
    let collector = ScriptedCollector(path: place.path, answeringUnread: [])
    defer { collector.stop() }
    let reporter = Reporter(to: place.path, exchangeTimeout: .milliseconds(300))
    registerMuch(on: reporter)
    #expect(eventually { reporter.lastProblem?.kind == .timedOut })
    let start = MonotonicClock.nanoseconds()
    reporter.shutdown()
    #expect(MonotonicClock.nanoseconds() - start < 900_000_000)
  }

  @Test func `an answer before the whole report was sent is heard`() {
    let refusal = Array("HTTP/1.1 413 X\r\ncontent-length: 0\r\n\r\n".utf8)
    let collector = ScriptedCollector(path: place.path, answeringUnread: refusal)
    defer { collector.stop() }
    let reporter = Reporter(to: place.path)
    defer { reporter.shutdown() }
    registerMuch(on: reporter)
    #expect(eventually { reporter.lastProblem?.kind == .refused(status: 413) })
  }

  /// More than a socket takes without being read.
  private func registerMuch(on reporter: Reporter) {
    for number in 0..<200 {
      _ = reporter.register(
        DependencyDescription(name: String(repeating: "x", count: 5_000), host: "h\(number)", port: 1))
    }
  }
}
