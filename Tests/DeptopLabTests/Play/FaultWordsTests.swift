import DeptopLab
import Testing

@Suite struct FaultWordsTests {
  @Test func `every key of an upstream changes its own field and no other`() throws {
    let words = "service-time=8 spread=0.5 workers=3 queue=9 errors=0.25 stalled=true refusing=true"
    let faults = try WordsFleet.faults("upstream orders-db .12 \(words) drops-abandoned=true login=1.5 logins=4")
    var change = ServiceChange()
    change.serviceTime = 8
    change.spread = 0.5
    change.workers = 3
    change.queue = 9
    change.errors = 0.25
    change.isStalled = true
    change.isRefusing = true
    change.dropsAbandoned = true
    change.login = 1.5
    change.logins = 4
    #expect(faults == [.upstream("orders-db", address: "10.90.0.12", change)])
  }

  @Test func `a key that stands alone leaves the rest alone`() throws {
    let keys: [(String, (inout ServiceChange) -> Void)] = [
      ("service-time=1", { $0.serviceTime = 1 }), ("spread=1", { $0.spread = 1 }), ("workers=1", { $0.workers = 1 }),
      ("queue=1", { $0.queue = 1 }), ("errors=1", { $0.errors = 1 }), ("stalled=false", { $0.isStalled = false }),
      ("refusing=false", { $0.isRefusing = false }), ("drops-abandoned=false", { $0.dropsAbandoned = false }),
      ("login=1", { $0.login = 1 }), ("logins=1", { $0.logins = 1 }),
    ]
    for (word, edit) in keys {
      var change = ServiceChange()
      edit(&change)
      #expect(try WordsFleet.faults("upstream orders-db \(word)") == [.upstream("orders-db", address: nil, change)])
    }
  }

  @Test func `an upstream's connections are closed at one address or at all`() throws {
    #expect(try WordsFleet.faults("upstream orders-db close") == [.closeUpstream("orders-db", address: nil)])
    let close = Fault.closeUpstream("search-api", address: "10.90.0.33")
    #expect(try WordsFleet.faults("upstream search-api .33 close") == [close])
    #expect(try WordsFleet.faults("upstream search-api 10.90.0.33 close") == [close])
  }

  @Test func `a name has addresses and a time to live, in any order`() throws {
    let record = NameRecord(name: "orders-db.lab", addresses: ["10.90.0.12", "10.90.0.11"], timeToLive: 7)
    #expect(try WordsFleet.faults("name orders-db .12 .11 ttl=7") == [.name(record)])
    #expect(try WordsFleet.faults("name orders-db.lab ttl=7 10.90.0.12 .11") == [.name(record)])
  }

  @Test func `a name without addresses has an empty answer of two seconds`() throws {
    let record = NameRecord(name: "search-api.lab", addresses: [], timeToLive: 2)
    #expect(try WordsFleet.faults("name search-api") == [.name(record)])
  }

  @Test func `a name may lead to where nobody is`() throws {
    for last in [1, 99, 254] {
      let record = NameRecord(name: "orders-db.lab", addresses: ["10.90.0.\(last)"])
      #expect(try WordsFleet.faults("name orders-db .\(last)") == [.name(record)])
    }
  }

  @Test func `a name that only clients know can be answered`() throws {
    var clients = WordsFleet.clients
    clients[0].dependencies[0].host = "primary.lab"
    let words = FaultWords(addressPrefix: "10.90.0.", calls: clients, upstreams: WordsFleet.upstreams)
    #expect(
      try words.faults(["name", "primary", ".12"])
        == [.name(NameRecord(name: "primary.lab", addresses: ["10.90.0.12"]))])
  }

  @Test func `the prefix of loopback addresses is the lab's`() throws {
    let upstream = UpstreamSpec(name: "a", style: .lines, addresses: ["127.90.0.11"], port: 1, ledger: "")
    let words = FaultWords(addressPrefix: "127.90.0.", calls: [], upstreams: [upstream])
    #expect(try words.faults(["upstream", "a", ".11", "close"]) == [.closeUpstream("a", address: "127.90.0.11")])
    #expect(
      try words.faults(["name", "a", ".9"]) == [.name(NameRecord(name: "a.lab", addresses: ["127.90.0.9"]))])
  }

  @Test(arguments: [
    ("fails", NameCommand.fails(true)), ("answers", .fails(false)), ("silent", .isSilent(true)),
    ("speaks", .isSilent(false)),
  ])
  func `the name server has four words`(word: String, command: NameCommand) throws {
    #expect(try WordsFleet.faults("name-server \(word)") == [.nameServer(command)])
  }

  @Test(arguments: [
    ("idle-timeout=30", [RouterFault.idleTimeout(30)]), ("idle-timeout=0.5", [.idleTimeout(0.5)]),
    ("idle-timeout=never", [.idleTimeout(nil)]), ("forget", [.forget]),
    ("resets-unknown=true", [.resetsUnknown(true)]), ("resets-unknown=false", [.resetsUnknown(false)]),
    ("mtu=1400", [.swallowsLargerThan(1400)]), ("mtu=none", [.swallowsLargerThan(nil)]),
    ("drop .33", [.drop(address: "10.90.0.33", true)]), ("pass .33", [.drop(address: "10.90.0.33", false)]),
    ("refuse .33", [.refuse(address: "10.90.0.33", true)]), ("accept .33", [.refuse(address: "10.90.0.33", false)]),
    ("drop 10.90.0.53", [.drop(address: "10.90.0.53", true)]),
    ("drop .31 .11", [.drop(address: "10.90.0.31", true), .drop(address: "10.90.0.11", true)]),
    ("mtu=576 idle-timeout=3", [.idleTimeout(3), .swallowsLargerThan(576)]),
  ])
  func `the router's words are read`(words: String, faults: [RouterFault]) throws {
    #expect(try WordsFleet.faults("router \(words)") == faults.map { .router($0) })
  }
}
