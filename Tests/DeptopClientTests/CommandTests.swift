internal import DeptopModel
internal import DeptopWire
internal import Synchronization
internal import Testing

@testable internal import DeptopClient

@Suite struct CommandTests {
  private let place = SocketPlace()

  private func line(
    _ number: UInt64, _ verb: String = "drain", dependency: String = "orders-db", timeout: String = "30"
  ) -> String {
    #"{"number":\#(number),"verb":"\#(verb)","dependency":"\#(dependency)","scope":"all","timeoutSeconds":\#(timeout)}"#
  }

  private func collector(_ lines: String...) -> ScriptedCollector {
    ScriptedCollector(path: place.path) { request in
      request.method == "GET" ? .commands(lines) : .http()
    }
  }

  private func ends(_ collector: ScriptedCollector, of number: UInt64) -> AgentResult? {
    collector.request { request in
      request.path.hasSuffix("/commands/\(number)") && request.result.map { $0.state != .running } == true
    }?.result
  }

  @Test func `a command runs, tells how far it is, and ends`() throws {
    let collector = collector("", line(7))
    defer { collector.stop() }
    let reporter = Reporter(to: place.path)
    defer { reporter.shutdown() }
    let mayEnd = Wakeup()
    reporter.registerOrders().onCommandBlocking(.drain) { command, progress in
      #expect(command.scope == .all && command.timeout == .seconds(30))
      progress.report(remaining: 3, inUse: 1, text: "waiting for 1")
      mayEnd.wait(for: .seconds(20))
      return .done("3 connections were replaced")
    }
    let progress = try #require(collector.request { $0.result?.state == .running }?.result)
    #expect(progress == AgentResult(state: .running, text: "waiting for 1", remaining: 3, inUse: 1))
    mayEnd.set()
    #expect(ends(collector, of: 7) == AgentResult(state: .done, text: "3 connections were replaced"))
  }

  @Test func `a command that is sent again is executed once and answered again`() {
    let collector = collector(line(1), line(1), line(2), line(1), line(2))
    defer { collector.stop() }
    let reporter = Reporter(to: place.path)
    defer { reporter.shutdown() }
    let runs = Mutex<[UInt64]>([])
    reporter.registerOrders().onCommand(.drain) { command, _ in
      runs.withLock { $0.append(command.number) }
      return .done()
    }
    #expect(ends(collector, of: 1)?.state == .done)
    #expect(ends(collector, of: 2)?.state == .done)
    #expect(runs.withLock { $0.sorted() } == [1, 2])
  }

  @Test func `a command is executed once over a stream that begins anew`() {
    let collector = ScriptedCollector(path: place.path) { [line = line(4)] request in
      guard request.method == "GET" else { return .http() }
      return .send(Array("HTTP/1.1 200 OK\r\n\r\n\(line)\n".utf8))
    }
    defer { collector.stop() }
    let reporter = Reporter(to: place.path)
    defer { reporter.shutdown() }
    let runs = Atomic<Int>(0)
    reporter.registerOrders().onCommand(.drain) { _, _ in
      runs.add(1, ordering: .relaxed)
      return .failed("the pool is closed")
    }
    // The second stream repeats the command: its end is told again.
    #expect(collector.requests(2) { $0.result?.state == .failed }.count == 2)
    #expect(runs.load(ordering: .relaxed) == 1)
  }

  @Test(arguments: [
    ("resolve", "orders-db", "does not offer resolve for orders-db"), ("drain", "other", "has no dependency other"),
  ])
  func `what is not offered is refused with the reason`(verb: String, dependency: String, reason: String) throws {
    let collector = collector(line(9, verb, dependency: dependency))
    defer { collector.stop() }
    let reporter = Reporter(to: place.path)
    defer { reporter.shutdown() }
    reporter.registerOrders().onCommand(.drain) { _, _ in .done() }
    let result = try #require(ends(collector, of: 9))
    #expect(result.state == .refused)
    #expect(result.text?.hasSuffix(reason) == true)
  }

  @Test func `a dependency is also known by its host and port`() {
    let collector = collector(line(9, dependency: "db.test:5432"))
    defer { collector.stop() }
    let reporter = Reporter(to: place.path)
    defer { reporter.shutdown() }
    reporter.registerOrders().onCommand(.drain) { _, _ in .refused("not now") }
    #expect(ends(collector, of: 9) == AgentResult(state: .refused, text: "not now"))
  }

  @Test func `a handler that is not done in time fails, and is told to stop`() throws {
    let collector = collector(line(3, timeout: "0.2"))
    defer { collector.stop() }
    let reporter = Reporter(to: place.path)
    defer { reporter.shutdown() }
    let wasCancelled = Wakeup()
    reporter.registerOrders().onCommandBlocking(.drain) { _, progress in
      _ = eventually { progress.isCancelled }
      wasCancelled.set()
      return .done()
    }
    let result = try #require(ends(collector, of: 3))
    #expect(result == AgentResult(state: .failed, text: "not done within 0.2 seconds"))
    wasCancelled.wait(for: .seconds(20))
    #expect(wasCancelled.isSet)
  }

  @Test func `an error that a handler throws is a failure`() {
    struct NoPool: Error, CustomStringConvertible { let description = "there is no pool" }
    let collector = collector(line(5))
    defer { collector.stop() }
    let reporter = Reporter(to: place.path)
    defer { reporter.shutdown() }
    reporter.registerOrders().onCommand(.drain) { _, _ in throw NoPool() }
    #expect(ends(collector, of: 5) == AgentResult(state: .failed, text: "there is no pool"))
  }

  @Test(arguments: ["1e300", "-5", "0"])
  func `a timeout out of range is cut to it`(timeout: String) throws {
    let line = try CommandLine(Array(line(1, timeout: timeout).utf8))
    #expect(.milliseconds(100) ... .seconds(3_600) ~= line.command.timeout)
  }

  @Test func `more commands at once than allowed are refused`() throws {
    let lines = (1...9).map { line($0) }
    let collector = ScriptedCollector(path: place.path) { $0.method == "GET" ? .commands(lines) : .http() }
    defer { collector.stop() }
    let reporter = Reporter(to: place.path)
    defer { reporter.shutdown() }
    let mayEnd = Wakeup()
    defer { mayEnd.set() }
    reporter.registerOrders().onCommandBlocking(.drain) { _, _ in
      mayEnd.wait(for: .seconds(20))
      return .done()
    }
    let result = try #require(ends(collector, of: 9))
    #expect(result == AgentResult(state: .refused, text: "shop/orders already executes 8 commands"))
  }
}
