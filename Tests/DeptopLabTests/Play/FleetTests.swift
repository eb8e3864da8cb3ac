import DeptopLab
import Testing

@Suite struct FleetTests {
  private let fleet = Fleet(addressPrefix: "10.90.0.", nameServerPort: 53, directory: "/lab")

  @Test func `every address of an upstream is its own`() {
    let addresses = fleet.upstreams.flatMap(\.addresses) + [fleet.names.address]
    #expect(Set(addresses).count == addresses.count)
    #expect(addresses.allSatisfy { $0.hasPrefix("10.90.0.") })
  }

  @Test func `on loopback only the prefix and the name server's port differ`() {
    let loopback = Fleet(addressPrefix: "127.90.0.", nameServerPort: 5353, directory: "/lab")
    #expect(loopback.upstreams.map(\.name) == fleet.upstreams.map(\.name))
    #expect(loopback.upstreams.map(\.port) == fleet.upstreams.map(\.port))
    #expect(
      loopback.upstreams.flatMap(\.addresses)
        == fleet.upstreams.flatMap(\.addresses).map { $0.replacing("10.90.0.", with: "127.90.0.") })
    #expect(loopback.names.port == 5353)
    #expect(loopback.clients.allSatisfy { $0.resolver == "127.90.0.53" && $0.resolverPort == 5353 })
  }

  @Test func `what is called is there, on its port, in its style, and has a name`() throws {
    for call in fleet.clients.flatMap(\.dependencies) {
      let upstream = try #require(fleet.upstreams.first { $0.name == call.dependency })
      #expect(call.port == upstream.port)
      #expect(call.style == upstream.style)
      let record = try #require(fleet.names.records.first { $0.name == call.host })
      #expect(!record.addresses.isEmpty)
      #expect(Set(record.addresses).isSubset(of: upstream.addresses))
    }
  }

  @Test func `the standby of the database has no name at first`() throws {
    let database = try #require(fleet.upstreams.first { $0.name == "orders-db" })
    #expect(database.addresses == ["10.90.0.11", "10.90.0.12"])
    #expect(fleet.names.records.first { $0.name == "orders-db.lab" }?.addresses == ["10.90.0.11"])
  }

  @Test func `of one service the kernel is all there is`() {
    let plain = fleet.clients.filter { $0.ingestSocket == nil }
    #expect(plain.map(\.name) == ["reports"])
    #expect(fleet.clients.count { $0.ingestSocket == "/lab/ingest.sock" } == fleet.clients.count - 1)
  }

  @Test func `each process has a ledger of its own`() {
    let ledgers = fleet.clients.map(\.ledger) + fleet.upstreams.map(\.ledger)
    #expect(Set(ledgers).count == ledgers.count)
    #expect(ledgers.allSatisfy { $0.hasPrefix("/lab/") && $0.hasSuffix(".ledger") })
  }

  @Test func `a payment that may have been made is not sent again, and everything else is`() {
    for call in fleet.clients.flatMap(\.dependencies) {
      #expect(call.retry.repeatsSent == (call.dependency != "payments-api"), "\(call.dependency)")
    }
  }

  @Test func `the lab's load is what its upstreams can bear twice`() throws {
    for upstream in fleet.upstreams {
      let calls = fleet.clients.flatMap(\.dependencies).filter { $0.dependency == upstream.name }
      let rate = calls.reduce(0) { $0 + $1.rate }
      #expect(rate > 0)
      let capacity = Double(upstream.service.workers) / upstream.service.serviceTime
      #expect(capacity >= 2 * rate, "\(upstream.name): \(rate) of \(capacity) a second")
    }
  }
}
