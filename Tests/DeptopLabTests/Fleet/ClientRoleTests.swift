internal import DeptopBlocking
internal import DeptopWire
internal import FoundationEssentials
internal import Glibc
internal import Testing

@testable internal import DeptopLab

@Suite struct ClientRoleTests {
  /// A client process's input, output and ledger.
  private final class Bench: Sendable {
    private let thread = BlockingThread()
    let input: (reading: Int32, writing: Int32)
    let output: (reading: Int32, writing: Int32)
    let path = FileManager.default.temporaryDirectory.path + "/fleet-\(UInt64.random(in: 0 ... .max)).ledger"

    init() {
      (input, output) = (Self.pipe(), Self.pipe())
    }

    deinit {
      for descriptor in [input.reading, output.reading, output.writing] { close(descriptor) }
      unsafe unlink(path)
    }

    private static func pipe() -> (Int32, Int32) {
      var ends: [Int32] = [-1, -1]
      _ = unsafe Glibc.pipe(&ends)
      return (ends[0], ends[1])
    }

    func say(_ value: some Encodable & Sendable) throws {
      let line = Array(try WireCoding().encode(value)) + [10]
      #expect(unsafe write(input.writing, line, line.count) == line.count)
    }

    func endInput() { close(input.writing) }

    /// What the process says next, read by a thread of its own: the client needs the test's.
    func said() async -> String {
      await thread.run { [output] in
        var bytes = [UInt8](repeating: 0, count: 64)
        let count = unsafe read(output.reading, &bytes, bytes.count)
        return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
      }
    }

    var requests: [LedgerLine.RequestLine] {
      guard let data = FileManager.default.contents(atPath: path) else { return [] }
      return String(decoding: data, as: UTF8.self).split(separator: "\n").compactMap { line in
        if case .request(let request)? = LedgerLine(line) { request } else { nil }
      }
    }

    func spec(port: UInt16, rate: Double) -> ClientSpec {
      let call = CallSpec(
        dependency: "orders-db", kind: "lines", host: "127.0.0.1", port: port, style: .lines, rate: rate)
      return ClientSpec(
        name: "orders", ingestSocket: nil, resolver: "127.0.0.1", resolverPort: 9, dependencies: [call], ledger: path)
    }
  }

  @Test func `it says when it serves, calls at its rate, and ends with its input`() async throws {
    let upstream = try await ScriptedUpstream.start()
    let bench = Bench()
    try bench.say(bench.spec(port: upstream.port, rate: 500))
    async let end: Void = ClientRole.run(input: bench.input.reading, output: bench.output.writing)
    #expect(await bench.said() == "ready\n")
    #expect(await eventually { upstream.ids.count > 150 })
    bench.endInput()
    try await end
    let requests = bench.requests
    #expect(requests.count > 50 && Set(requests.map(\.id)).count == requests.count)
    #expect(requests.allSatisfy { $0.id.hasPrefix("orders-") && $0.dependency == "orders-db" })
    #expect(requests.count { $0.end == .success } > 50)
    #expect(await eventually { upstream.open == 0 })
  }

  @Test func `while it starts its callers are refused`() async throws {
    let upstream = try await ScriptedUpstream.start()
    let bench = Bench()
    var spec = bench.spec(port: upstream.port, rate: 400)
    spec.startUp = 0.2
    try bench.say(spec)
    async let end: Void = ClientRole.run(input: bench.input.reading, output: bench.output.writing)
    #expect(await bench.said() == "ready\n")
    #expect(await eventually { !upstream.ids.isEmpty })
    bench.endInput()
    try await end
    let refused = bench.requests.filter {
      $0.end == .failure && $0.attempts == 0 && $0.limit == "-" && $0.began == $0.ended
    }
    // 80 with a standard deviation of 9.
    #expect(20...140 ~= refused.count)
    #expect(refused.allSatisfy { $0.dependency == "orders-db" })
  }

  @Test func `it obeys on its input`() async throws {
    let upstream = try await ScriptedUpstream.start()
    let bench = Bench()
    let spec = bench.spec(port: upstream.port, rate: 0)
    try bench.say(spec)
    async let end: Void = ClientRole.run(input: bench.input.reading, output: bench.output.writing)
    #expect(await bench.said() == "ready\n")
    var call = try #require(spec.dependencies.first)
    call.rate = 500
    try bench.say(ClientCommand.call(call))
    #expect(await eventually { upstream.ids.count > 10 })
    let accepted = upstream.accepted
    try bench.say(ClientCommand.dropConnections(dependency: "orders-db"))
    #expect(await eventually { upstream.accepted > accepted })
    bench.endInput()
    try await end
  }

  @Test func `what it cannot obey ends it with the reason`() async throws {
    let bench = Bench()
    try bench.say(bench.spec(port: 9, rate: 0))
    try bench.say(ClientCommand.dropConnections(dependency: "mails"))
    await #expect(throws: ServerRoleProblem("orders does not call mails")) {
      try await ClientRole.run(input: bench.input.reading, output: bench.output.writing)
    }
    bench.endInput()
  }
}
