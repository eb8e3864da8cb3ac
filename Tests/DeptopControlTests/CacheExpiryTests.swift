@testable import DeptopControl
import DeptopModel
import DeptopPgBouncer
import Testing

@Suite struct CacheExpiryTests {
  private let start = ContinuousClock.now

  private func row(_ ttl: Int, _ address: String = "10.0.3.7") throws -> DNSHostRow {
    let table = ConsoleTable(columns: ["hostname", "ttl", "addrs"], cells: [["db.lab", "\(ttl)", "\(address):0"]])
    return try #require(table.rows.first.flatMap(DNSHostRow.init))
  }

  @Test func `an entry lasts up to a second longer than its whole seconds say`() throws {
    var expiry = CacheExpiry()
    #expect(expiry.remaining(of: try row(14), now: start) == .seconds(15))
  }

  @Test func `zero at first sight may still be almost a second`() throws {
    var expiry = CacheExpiry()
    #expect(expiry.remaining(of: try row(0), now: start) == .seconds(1))
    #expect(expiry.remaining(of: try row(0), now: start + .milliseconds(400)) == .milliseconds(600))
    #expect(expiry.remaining(of: try row(0), now: start + .seconds(1)) == .zero)
    #expect(expiry.remaining(of: try row(0), now: start + .seconds(60)) == .zero)
  }

  @Test func `an entry that was watched running out is over when it reads zero for long enough`() throws {
    var expiry = CacheExpiry()
    #expect(expiry.remaining(of: try row(2), now: start) == .seconds(3))
    #expect(expiry.remaining(of: try row(0), now: start + .milliseconds(2500)) == .milliseconds(500))
    #expect(expiry.remaining(of: try row(0), now: start + .seconds(3)) == .zero)
  }

  @Test func `what the source has read as run out for a second is over`() throws {
    let noon = WallTime(secondsSinceEpoch: 1_000_000)
    let reading = { (remaining: Duration?, age: Duration) in
      Reading(
        OwnerResolution(host: "DB.lab", addresses: [try #require(IPAddress("10.0.3.7"))], remaining: remaining),
        source: "pgbouncer/main", observedAt: noon - age)
    }
    for (remaining, age, left) in [(0, 400, 600), (0, 5000, 0), (3, 5000, 1000), (0, -5000, 1000)] {
      var expiry = CacheExpiry()
      expiry.learn(try reading(.seconds(remaining), .milliseconds(age)), now: start, at: noon)
      // A time of day has a rounding error.
      let error = expiry.remaining(of: try row(0), now: start) - .milliseconds(left)
      #expect((.milliseconds(-1)...(.milliseconds(1))).contains(error), "\(remaining) s, \(age) ms ago: \(error)")
    }
    var expiry = CacheExpiry()
    expiry.learn(try reading(.zero, .seconds(5)), now: start, at: noon)
    #expect(expiry.remaining(of: try row(0, "10.0.3.9"), now: start) == .seconds(1), "another answer")
    #expect(expiry.remaining(of: try row(14), now: start) == .seconds(15), "it was looked up again")
  }

  @Test func `an entry that was looked up again starts anew`() throws {
    var expiry = CacheExpiry()
    _ = expiry.remaining(of: try row(0), now: start)
    #expect(expiry.remaining(of: try row(14), now: start + .seconds(5)) == .seconds(15))
    #expect(expiry.remaining(of: try row(0, "10.0.3.9"), now: start + .seconds(6)) == .seconds(1))
  }
}
