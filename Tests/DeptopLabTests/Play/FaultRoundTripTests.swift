import DeptopLab
import Testing

@Suite struct FaultRoundTripTests {
  @Test(arguments: [
    "upstream orders-db 10.90.0.12 service-time=0.48 errors=0.5 stalled=false",
    "upstream search-api workers=1 queue=0 login=0.001 logins=2", "upstream payments-api spread=0 refusing=true",
    "upstream payments-api drops-abandoned=false", "upstream orders-db close", "upstream orders-db 10.90.0.11 close",
    "name orders-db.lab 10.90.0.12 10.90.0.99 ttl=0", "name search-api.lab ttl=2", "name-server fails",
    "name-server answers", "name-server silent", "name-server speaks", "router idle-timeout=30",
    "router idle-timeout=never", "router forget", "router resets-unknown=true", "router resets-unknown=false",
    "router mtu=1400", "router mtu=none", "router drop 10.90.0.33", "router pass 10.90.0.33",
    "router refuse 10.90.0.33", "router accept 10.90.0.33", "client web search-api drop-connections",
    "client web restart start-up=5", "client web restart start-up=0",
    "client web search-api rate=0.5 large-every=0 large-request-bytes=100 names=time-to-live",
    "client web search-api names=none", "client web search-api names=forever",
  ])
  func `what was read is said in the same words`(text: String) throws {
    #expect(try WordsFleet.faults(text).map(\.words) == [text])
  }

  @Test(arguments: [
    "rate=3", "pool.max=1 pool.keepalive=60", "pool.acquire-timeout=none", "breaker.stuck=true",
    "retry.jitter=full retry.budget=0.1", "retry.budget=none", "limits.read=0.3 limits.connect=none",
    "pool.leaks=0.02 retry.layers=2 limits.passes-deadline-on=false breaker.open-for=1e-3 names=none",
  ])
  func `a client's change is the same when its words are read again`(words: String) throws {
    let faults = try WordsFleet.faults("client all search-api \(words)")
    #expect(faults.count == 2)
    for fault in faults { #expect(try WordsFleet.faults(fault.words) == [fault]) }
  }

  @Test func `a change back to what is usual is the same when its words are read again`() throws {
    var change = CallChange()
    change.rate = 20
    change.largeEvery = 0
    change.largeRequestBytes = 100
    change.pool = PoolSpec()
    change.breaker = BreakerSpec()
    change.retry = RetrySpec()
    change.limits = LimitSpec()
    change.names = .timeToLive
    let fault = Fault.client("orders", dependency: "orders-db", change)
    #expect(try WordsFleet.faults(fault.words) == [fault])
  }

  @Test func `the words of a part that changes are all of its words`() throws {
    let fault = try WordsFleet.faults("client orders orders-db limits.connect=9")[0]
    #expect(
      fault.words
        == "client orders orders-db limits.connect=9 limits.read=none limits.deadline=3 limits.passes-deadline-on=true")
  }

  @Test func `to somebody who knows the clients, only what differs is said`() throws {
    let fault = try WordsFleet.faults("client orders orders-db limits.connect=9 pool.max=1 rate=20 pool.leaks=0")[0]
    #expect(fault.words(from: WordsFleet.clients) == "client orders orders-db pool.max=1 limits.connect=9")
    #expect(fault.words(from: []) == fault.words)
    let breaker = try WordsFleet.faults("client web session-cache breaker.permits=7 breaker.window=50")[0]
    #expect(try WordsFleet.faults(breaker.words(from: WordsFleet.clients)) == [breaker])
  }

  @Test func `what changes nothing is said in full`() throws {
    let fault = try WordsFleet.faults("client orders orders-db rate=20")[0]
    #expect(fault.words(from: WordsFleet.clients) == "client orders orders-db rate=20")
    let close = Fault.closeUpstream("orders-db", address: nil)
    #expect(close.words(from: WordsFleet.clients) == "upstream orders-db close")
  }

  @Test func `a record that is told the name server is said like a name`() throws {
    let record = NameRecord(name: "orders-db.lab", addresses: ["10.90.0.12"], timeToLive: 3)
    #expect(Fault.nameServer(.record(record)).words == "name orders-db.lab 10.90.0.12 ttl=3")
  }

  @Test func `numbers are short and exact`() throws {
    for number in ["0.1", "1e-05", "86400", "0.30000000000000004"] {
      #expect(
        try WordsFleet.faults("upstream orders-db service-time=\(number)").map(\.words)
          == ["upstream orders-db service-time=\(number)"])
    }
    #expect(
      try WordsFleet.faults("upstream orders-db service-time=8.50").map(\.words)
        == ["upstream orders-db service-time=8.5"])
  }
}
