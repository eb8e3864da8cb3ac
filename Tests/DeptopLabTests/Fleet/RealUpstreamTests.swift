internal import DeptopBlocking
internal import DeptopWire
internal import FoundationEssentials
internal import Glibc
internal import Testing

@testable internal import DeptopLab

/// The fleet's client against the lab's own upstream, in both styles.
@Suite struct RealUpstreamTests {
  private static func pipe() -> (reading: Int32, writing: Int32) {
    var ends: [Int32] = [-1, -1]
    _ = unsafe Glibc.pipe(&ends)
    return (ends[0], ends[1])
  }

  private static func say(_ value: some Encodable & Sendable, _ descriptor: Int32) throws {
    let line = Array(try WireCoding().encode(value)) + [10]
    #expect(unsafe write(descriptor, line, line.count) == line.count)
  }

  private static func hear(_ descriptor: Int32) async -> String {
    await BlockingThread().run {
      var bytes = [UInt8](repeating: 0, count: 64)
      let count = unsafe read(descriptor, &bytes, bytes.count)
      return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
    }
  }

  @Test(arguments: WireStyle.allCases)
  func `requests and pings are understood, and both ledgers tell of every attempt`(style: WireStyle) async throws {
    let (input, output) = (Self.pipe(), Self.pipe())
    let path = FileManager.default.temporaryDirectory.path + "/upstream-\(UInt64.random(in: 0 ... .max)).ledger"
    defer {
      for descriptor in [input.reading, output.reading, output.writing] { close(descriptor) }
      unsafe unlink(path)
    }
    // An address of its own, so that the port is free.
    let address = "127.\(Int.random(in: 64...250)).\(Int.random(in: 1...250)).\(Int.random(in: 1...250))"
    var model = ServiceModel()
    (model.serviceTime, model.errors) = (0.001, 0.3)
    try Self.say(
      UpstreamSpec(
        name: "orders-db", style: style, addresses: [address], port: 8_080, service: model, ledger: path),
      input.writing)
    async let end: Void = UpstreamRole.run(input: input.reading, output: output.writing)
    #expect(await Self.hear(output.reading) == "ready\n")
    let bench = try StationBench(port: 8_080, host: address) {
      ($0.style, $0.pool.max, $0.pool.validateAfter) = (style, 4, 0)
      ($0.pool.acquireTimeout, $0.limits.read, $0.limits.deadline) = (nil, nil, nil)
      ($0.requestBytes, $0.retry.attempts, $0.retry.backoff) = (5_000, 2, 0)
    }
    await bench.calls(100)
    bench.pool.close()
    close(input.writing)
    try await end
    #expect(bench.requests.count { $0.end == .success } > 30)
    #expect(bench.requests.allSatisfy { $0.end.isSuccess || $0.end == .retriesExhausted })
    let text = String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self)
    var served: [String: String] = [:]
    for line in text.split(separator: "\n") {
      if case .served(let line)? = LedgerLine(line) { served[line.id] = line.outcome }
    }
    let sent = Dictionary(uniqueKeysWithValues: bench.attempts.map { ($0.id, $0.outcome) })
    #expect(sent.count > 100 && served.count == sent.count)
    #expect(sent.filter { served[$0.key] != $0.value }.isEmpty)
  }
}
