import DeptopConfiguration
import DeptopJVM
import DeptopModel
import DeptopTestSupport
import Testing

@Suite(.timeLimit(.minutes(1))) struct JolokiaClientTests {
  private func client(_ server: ScriptedHTTPServer) -> JolokiaClient {
    var settings = JolokiaSettings(name: "app")
    settings.url = server.url + "/jolokia/"
    settings.user = "ops"
    settings.password = Secret("s3cret")
    settings.timeout = .seconds(10)
    return JolokiaClient(settings: settings)
  }

  /// The error that reading the pools ends in.
  private func error(_ answer: ScriptedHTTPServer.Answer) async throws -> JVMError? {
    let server = try ScriptedHTTPServer.start { _ in answer }
    do throws(JVMError) {
      _ = try await client(server).hikariPools()
      return nil
    } catch {
      return error
    }
  }

  private static let runtime = #"{"value":{"Name":"4711@web-17","StartTime":1700000000500},"status":200}"#

  @Test func `a bulk is one request, and each answer has a status of its own`() async throws {
    let server = try ScriptedHTTPServer.start { _ in
      .json(
        #"""
        [{"request":{},"value":{"A":1,"B":"x","C":null,"D":[true,2.5]},"status":200,"timestamp":1},
         {"request":{},"error_type":"javax.management.InstanceNotFoundException",
          "error":"javax.management.InstanceNotFoundException : a:b=c","status":404,"stacktrace":"at x"}]
        """#)
    }
    let answers = try await client(server).ask([
      .read(mbean: "a:type=\"é/!\"", attributes: ["A", "B"]), .execute(mbean: "a:b=c", operation: "run"),
    ])
    let value = try answers[0].get()
    #expect(value["A"]?.wholeNumber == 1 && value["B"]?.text == "x" && value["C"] == .null)
    #expect(value["D"] == .list([.boolean(true), .number(2.5)]) && value["D"]?.texts == nil)
    #expect(throws: JVMError.self) { try answers[1].get() }
    #expect(server.requests.count == 1)
    let seen = try #require(server.requests.first)
    #expect(seen.method == "POST" && seen.path == "/jolokia/" && seen.headers["origin"] == nil)
    #expect(seen.headers["authorization"] == "Basic b3BzOnMzY3JldA==")
    let text = String(decoding: seen.body, as: UTF8.self)
    #expect(text.contains(#""type":"exec""#) && text.contains(#""arguments":[]"#) && text.contains("é"))
  }

  @Test func `a pool is read with its limits, and what it does not say is not known`() async throws {
    let server = try ScriptedHTTPServer.start { request in
      guard String(decoding: request.body, as: UTF8.self).contains("search") else {
        return .json(
          #"""
          [{"value":{"ActiveConnections":2,"IdleConnections":3,"TotalConnections":6,"ThreadsAwaitingConnection":1},
            "status":200},
           {"value":{"MaximumPoolSize":10,"MinimumIdle":2,"ConnectionTimeout":30000,"IdleTimeout":600000,
            "MaxLifetime":0},"status":200},
           {"value":{"ActiveConnections":0,"IdleConnections":1,"TotalConnections":1,"ThreadsAwaitingConnection":0},
            "status":200},
           {"error":"forbidden","error_type":"java.lang.SecurityException","status":403}]
          """#)
      }
      return .json(
        #"[{"value":["com.zaxxer.hikari:type=PoolConfig (b)","com.zaxxer.hikari:name=a,type=Pool","#
          + #""com.zaxxer.hikari:name=a,type=PoolConfig","com.zaxxer.hikari:type=Pool (b)"],"status":200},"#
          + Self.runtime + "]")
    }
    let report = try await client(server).hikariPools()
    #expect(report.pools.map(\.name) == ["a", "b"] && report.unreadable.isEmpty)
    let first = try #require(report.pool("a"))
    #expect((first.active, first.idle, first.total, first.pending) == (2, 3, 6, 1) && first.max == 10)
    #expect(first.policy == Policy(acquireTimeout: .seconds(30), idleTimeout: .seconds(600)))
    #expect(report.pool("b")?.max == nil && report.pool("b")?.policy == nil)
    #expect(report.pid == 4711 && report.startedAt == WallTime(secondsSinceEpoch: 1_700_000_000.5))
    let asked = server.requests.map { String(decoding: $0.body, as: UTF8.self) }.joined()
    #expect(!asked.contains("Password") && !asked.contains("Username"), "secrets are never asked for")
  }

  @Test func `a pool without its counts is told, not read as zero`() async throws {
    let server = try ScriptedHTTPServer.start { request in
      String(decoding: request.body, as: UTF8.self).contains("search")
        ? .json(#"[{"value":["com.zaxxer.hikari:type=Pool (a)"],"status":200},{"status":404}]"#)
        : .json(#"[{"value":{"ActiveConnections":2,"IdleConnections":"3"},"status":200}]"#)
    }
    let report = try await client(server).hikariPools()
    #expect(report.pools.isEmpty && report.unreadable == ["a": "its bean has no connection counts"])
    #expect(report.pid == nil && report.startedAt == nil)
  }

  @Test(arguments: [
    (ScriptedHTTPServer.Answer.json("[]"), JVMError.Kind.malformed),
    (.json("not JSON"), .malformed), (.json("[1]"), .malformed), (.json(""), .malformed),
    (.json(String(repeating: "[", count: 5000)), .malformed),
    (.json(#"[{"value":{"a":1},"status":200},{"status":200}]"#), .malformed),
    (.json(#"{"error":"no","error_type":"a.B","status":403}"#), .malformed),
    (.json(#"[{"error":"no","error_type":"a.B","status":403},{"status":403}]"#), .refused),
    (.json("{}", status: 401), .refused), (.json("{}", status: 404), .notFound),
    (.json("{}", status: 503), .unavailable),
    (.reply(status: 200, body: [UInt8](repeating: 0x20, count: 2 << 20)), .malformed), (.raw([]), .malformed),
  ])
  func `an answer that cannot be used is an error of its kind`(
    answer: ScriptedHTTPServer.Answer, kind: JVMError.Kind
  ) async throws {
    let error = try await error(answer)
    #expect(error?.kind == kind, "\(String(describing: error))")
    #expect(error.map { "\($0)".contains("s3cret") } == false)
  }
}
