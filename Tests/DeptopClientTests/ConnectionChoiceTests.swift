internal import DeptopModel
internal import DeptopWire
internal import Synchronization
internal import Testing

@testable internal import DeptopClient

@Suite struct ConnectionChoiceTests {
  private let place = SocketPlace()

  private let line =
    #"{"number":7,"verb":"drain","dependency":"orders-db","scope":"all","timeoutSeconds":30,"#
    + #""connections":[{"address":"10.0.0.9","port":40112},{"address":"::1","port":9}]}"#

  private func end(_ collector: ScriptedCollector) -> AgentResult? {
    collector.request { $0.result.map { $0.state != .running } == true }?.result
  }

  @Test func `a handler that chooses is told the connections, and the report says that it does`() {
    let collector = ScriptedCollector(path: place.path) { [line] request in
      request.method == "GET" ? .commands([line]) : .http()
    }
    defer { collector.stop() }
    let reporter = Reporter(to: place.path)
    defer { reporter.shutdown() }
    let told = Mutex<[CommandTarget]?>(nil)
    reporter.registerOrders().onCommandBlocking(.drain, choosesConnections: true) { command, _ in
      told.withLock { $0 = command.connections }
      return .done()
    }
    #expect(end(collector)?.state == .done)
    #expect(
      told.withLock { $0 } == [
        CommandTarget(localAddress: "10.0.0.9", localPort: 40_112), CommandTarget(localAddress: "::1", localPort: 9),
      ])
    #expect(collector.request { $0.report?.dependencies.first?.choosesConnections == true } != nil)
  }

  @Test func `a handler that does not choose is never run for single connections`() {
    let collector = ScriptedCollector(path: place.path) { [line] request in
      request.method == "GET" ? .commands([line]) : .http()
    }
    defer { collector.stop() }
    let reporter = Reporter(to: place.path)
    defer { reporter.shutdown() }
    reporter.registerOrders().onCommandBlocking(.drain) { _, _ in .done("everything was closed") }
    #expect(
      end(collector) == AgentResult(state: .refused, text: "shop/orders cannot choose single connections of orders-db"))
    #expect(collector.request { $0.report != nil }?.report?.dependencies.first?.choosesConnections == nil)
  }
}

@Suite struct LostCollectorTests {
  private let place = SocketPlace()

  private let stream = Array(
    ("HTTP/1.1 200 OK\r\n\r\n"
      + #"{"number":4,"verb":"drain","dependency":"orders-db","scope":"all","timeoutSeconds":30}"# + "\n").utf8)

  @Test(arguments: [404, 500])
  func `a command whose collector does not know it any more is told to stop`(status: Int) throws {
    let collector = ScriptedCollector(path: place.path) { [stream] request in
      switch request.method {
      case "GET": .send(stream)
      case "POST": .http(status)
      default: .http()
      }
    }
    defer { collector.stop() }
    let reporter = Reporter(to: place.path)
    defer { reporter.shutdown() }
    let wasCancelled = Wakeup()
    reporter.registerOrders().onCommandBlocking(.drain) { _, progress in
      _ = eventually { progress.isCancelled }
      if progress.isCancelled { wasCancelled.set() }
      return .done()
    }
    wasCancelled.wait(for: .seconds(20))
    #expect(wasCancelled.isSet)
    let end = try #require(collector.request { $0.result?.state == .failed }?.result)
    #expect(end.text == "the collector was lost")
  }

  @Test func `a command whose collector has died is told to stop`() {
    let began = Wakeup()
    let collector = ScriptedCollector(path: place.path) { [stream] request in
      guard request.method == "GET" else { return .http() }
      return .sendAndHold(stream)
    }
    let reporter = Reporter(to: place.path)
    defer { reporter.shutdown() }
    let wasCancelled = Wakeup()
    reporter.registerOrders().onCommandBlocking(.drain) { _, progress in
      began.set()
      _ = eventually { progress.isCancelled }
      if progress.isCancelled { wasCancelled.set() }
      return .done()
    }
    began.wait(for: .seconds(20))
    #expect(began.isSet && !wasCancelled.isSet)
    collector.stop()
    wasCancelled.wait(for: .seconds(20))
    #expect(wasCancelled.isSet)
  }

  @Test func `a command that is withdrawn is told to stop, and others go on`() throws {
    let may = Wakeup()
    let withdrawal = #"{"number":4,"verb":"drain","dependency":"orders-db","scope":"all","timeoutSeconds":30,"#
    let lines = [
      #"{"number":5,"verb":"resolve","dependency":"orders-db","scope":"all","timeoutSeconds":30}"#,
      withdrawal + #""isCancelled":true}"#, withdrawal + #""isCancelled":true}"#,
    ]
    let collector = ScriptedCollector(path: place.path) { [stream] request in
      guard request.method == "GET" else { return .http() }
      return .sendAndHold(stream + Array((lines.joined(separator: "\n") + "\n").utf8))
    }
    defer { collector.stop() }
    let reporter = Reporter(to: place.path)
    defer { reporter.shutdown() }
    let orders = reporter.registerOrders()
    orders.onCommandBlocking(.resolve) { _, progress in
      may.wait(for: .seconds(20))
      return progress.isCancelled ? .failed("was stopped") : .done()
    }
    orders.onCommandBlocking(.drain) { _, progress in
      _ = eventually { progress.isCancelled }
      return .done()
    }
    let end = try #require(collector.request { $0.result?.state == .failed }?.result)
    #expect(end.text == "withdrawn by the collector")
    may.set()
    #expect(collector.request { $0.result?.state == .done } != nil)
  }

  @Test func `a stream that breaks while the collector goes on stops nothing`() {
    let collector = ScriptedCollector(path: place.path) { [stream] request in
      request.method == "GET" ? .send(stream) : .http()
    }
    defer { collector.stop() }
    let reporter = Reporter(to: place.path)
    defer { reporter.shutdown() }
    let mayEnd = Wakeup()
    let wasCancelled = Atomic<Bool>(false)
    reporter.registerOrders().onCommandBlocking(.drain) { _, progress in
      mayEnd.wait(for: .seconds(20))
      wasCancelled.store(progress.isCancelled, ordering: .relaxed)
      return .done()
    }
    // Each end of the stream makes the command ask whether it is still awaited.
    #expect(collector.requests(2) { $0.result?.state == .running }.count == 2)
    mayEnd.set()
    #expect(collector.request { $0.result?.state == .done } != nil)
    #expect(wasCancelled.load(ordering: .relaxed) == false)
  }
}
