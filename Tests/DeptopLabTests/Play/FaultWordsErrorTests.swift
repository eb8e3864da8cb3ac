import DeptopLab
import Testing

@Suite struct FaultWordsErrorTests {
  private static let upstreams = "there are orders-db, payments-api, search-api, session-cache"
  private static let clients = "there are orders, web, web-2, reports, all"

  @Test(arguments: [
    ("", "fault: what it is is missing; there are upstream, name, name-server, router, client"),
    ("upstrem a", "fault: upstrem is not possible; there are upstream, name, name-server, router, client"),
    ("upstream", "upstream: the name of an upstream is missing; \(upstreams)"),
    ("upstream ordersdb close", "upstream: no upstream is called ordersdb; \(upstreams)"),
    ("upstream orders-db .13 close", "orders-db: .13 is not possible; there are .11, .12"),
    ("upstream orders-db 10.90.0.21 close", "orders-db: 10.90.0.21 is not possible; there are .11, .12"),
    ("upstream orders-db close now", "close: now is not possible; nothing may follow"),
    ("upstream orders-db close .11", "close: .11 is not possible; nothing may follow"),
    ("name", "name: a name is missing; there are orders-db.lab, payments-api.lab, search-api.lab, session-cache.lab"),
    (
      "name ordersdb .12",
      "name: no name is called ordersdb.lab; "
        + "there are orders-db.lab, payments-api.lab, search-api.lab, session-cache.lab"
    ),
    ("name orders-db .0", "name: .0 is not possible; there are .1 to .254"),
    ("name orders-db .255", "name: .255 is not possible; there are .1 to .254"),
    ("name orders-db .256", "name: .256 is not possible; there are .1 to .254"),
    ("name orders-db .012", "name: .012 is not possible; there are .1 to .254"),
    ("name orders-db .+12", "name: .+12 is not possible; there are .1 to .254"),
    ("name orders-db 10.91.0.12", "name: 10.91.0.12 is not possible; there are .1 to .254"),
    ("name orders-db .12 10.90.0.12", "name orders-db.lab: 10.90.0.12 stands there twice; once is possible"),
    ("name orders-db ttl=1 ttl=1", "name orders-db.lab: ttl= stands there twice; once is possible"),
    ("name orders-db ttl=-1", "ttl: -1 is not possible; it is whole seconds, 0 to 86400"),
    ("name orders-db ttl=1.5", "ttl: 1.5 is not possible; it is whole seconds, 0 to 86400"),
    ("name orders-db gone", "name orders-db.lab: gone is not possible; there are ttl=, addresses like .12"),
    ("name-server", "name-server: what it does is missing; there are fails, answers, silent, speaks"),
    ("name-server stops", "name-server: stops is not possible; there are fails, answers, silent, speaks"),
    ("name-server fails now", "fails: now is not possible; nothing may follow"),
    ("router forget .33", "forget: .33 is not possible; nothing may follow"),
    ("router drop", "drop: an address is missing; there are .11, .12, .21, .31, .32, .33, .41, .53"),
    ("router drop .34", "drop: .34 is not possible; there are .11, .12, .21, .31, .32, .33, .41, .53"),
    ("router pass .33 .33", "pass: .33 stands there twice; once is possible"),
    ("router idle-timeout=-1", "idle-timeout: -1 is not possible; it is never or seconds, 0 to 432000"),
    ("router mtu=67", "mtu: 67 is not possible; it is none or bytes, 68 to 65535"),
    (
      "router blink",
      "router: blink is not possible; "
        + "there are idle-timeout=, resets-unknown=, mtu=, forget, drop, pass, refuse, accept"
    ),
    ("client", "client: the name of a client is missing; \(clients)"),
    ("client worders orders-db rate=1", "client: no client is called worders; \(clients)"),
    ("client orders,,web restart", "client: no client is called \"\"; \(clients)"),
    ("client orders,orders restart", "client: orders stands there twice; once is possible"),
    ("client orders", "client orders: a dependency is missing; there are orders-db, payments-api, restart"),
    (
      "client orders search-api rate=1",
      "client orders: no dependency of it is called search-api; there are orders-db, payments-api, restart"
    ),
    (
      "client web,orders search-api rate=1",
      "client orders: no dependency of it is called search-api; there are orders-db, payments-api, restart"
    ),
    (
      "client all search rate=1",
      "client all: no dependency is called search; "
        + "there are orders-db, payments-api, search-api, session-cache, restart"
    ),
    ("client web search-api drop-connections rate=1", "drop-connections: rate=1 is not possible; nothing may follow"),
    ("client web restart soon", "restart: soon is not possible; there are start-up="),
    ("client web restart start-up=-5", "start-up: -5 is not possible; it is seconds, 0 to 86400"),
    ("client web search-api rate=1 rate=2", "search-api: rate= stands there twice; once is possible"),
    ("client web search-api names=always", "names: always is not possible; it is none or time-to-live or forever"),
    ("client web search-api retry.jitter=half", "retry.jitter: half is not possible; it is none or full"),
    ("client web search-api pool.leaks=", "pool.leaks: \"\" is not possible; it is a share, 0 to 1"),
    ("client web search-api pool.max=none", "pool.max: none is not possible; it is a whole number, 1 to 10000"),
    ("client web search-api breaker.stuck=yes", "breaker.stuck: yes is not possible; it is true or false"),
  ])
  func `an error names the word and what is possible`(words: String, problem: String) {
    #expect(message(words) == problem)
  }

  @Test(arguments: [
    ("upstream orders-db", "upstream orders-db: what changes is missing; there are service-time=, spread=, "),
    ("upstream orders-db slow", "upstream orders-db: slow is not possible; there are service-time=, spread=, "),
    ("upstream orders-db slow=1", "upstream orders-db: slow= is not possible; there are service-time=, "),
    ("router", "router: what changes is missing; there are idle-timeout=, "),
    ("client web search-api", "search-api: what changes is missing; there are rate=, large-every=, "),
    ("client web search-api pool=1", "search-api: pool= is not possible; there are rate=, large-every=, "),
  ])
  func `an error with a long list begins with the word`(words: String, beginning: String) throws {
    let text = try #require(message(words))
    #expect(text.hasPrefix(beginning))
    let last = words.hasPrefix("upstream") ? ", close" : words.hasPrefix("router") ? ", accept" : ", drop-connections"
    #expect(text.hasSuffix(last))
  }

  @Test(arguments: [
    ("upstream orders-db service-time=", "0", "86400", "86400.1"), ("upstream orders-db spread=", "0", "1", "1.1"),
    ("upstream orders-db workers=", "1", "10000", "10001"), ("upstream orders-db queue=", "0", "1000000", "1000001"),
    ("upstream orders-db errors=", "0", "1", "1.1"), ("upstream orders-db login=", "0", "86400", "86401"),
    ("upstream orders-db logins=", "1", "10000", "10001"), ("name orders-db ttl=", "0", "86400", "86401"),
    ("router idle-timeout=", "0", "432000", "432001"), ("router mtu=", "68", "65535", "65536"),
    ("client web search-api rate=", "0", "10000", "10000.5"),
    ("client web search-api large-every=", "0", "1000000", "1000001"),
    ("client web search-api large-request-bytes=", "0", "1048576", "1048577"),
    ("client web search-api pool.max=", "1", "10000", "10001"),
    ("client web search-api pool.minimum=", "0", "10000", "10001"),
    ("client web search-api pool.idle-timeout=", "0", "86400", "86401"),
    ("client web search-api pool.maximum-lifetime=", "0", "86400", "86401"),
    ("client web search-api pool.validate-after=", "0", "86400", "86401"),
    ("client web search-api pool.acquire-timeout=", "0", "86400", "86401"),
    ("client web search-api pool.keepalive=", "1", "32767", "32768"),
    ("client web search-api pool.leaks=", "0", "1", "2"),
    ("client web search-api breaker.failure-ratio=", "0", "1", "1.01"),
    ("client web search-api breaker.minimum-calls=", "1", "100000", "100001"),
    ("client web search-api breaker.window=", "1", "100000", "100001"),
    ("client web search-api breaker.open-for=", "0", "86400", "86401"),
    ("client web search-api breaker.permits=", "1", "100000", "100001"),
    ("client web search-api retry.attempts=", "1", "100", "101"),
    ("client web search-api retry.layers=", "1", "10", "11"),
    ("client web search-api retry.backoff=", "0", "86400", "86401"),
    ("client web search-api retry.longest-backoff=", "0", "86400", "86401"),
    ("client web search-api retry.budget=", "0", "100", "101"),
    ("client web search-api limits.connect=", "0", "86400", "86401"),
    ("client web search-api limits.read=", "0", "86400", "86401"),
    ("client web search-api limits.deadline=", "0", "86400", "86401"),
    ("client web restart start-up=", "0", "86400", "86401"),
  ])
  func `a number has bounds, and both are possible`(words: String, least: String, most: String, tooMuch: String) {
    #expect(message(words + least) == nil)
    #expect(message(words + most) == nil)
    let tooLittle = least == "0" || least == "1" ? "\((Int(least) ?? 0) - 1)" : "67"
    for value in [
      tooMuch, tooLittle, "-1", "nan", "-nan", "inf", "1e400", "x", "1x", "", "0,5", "١", "99999999999999999999",
    ] {
      #expect(message(words + value) != nil, "\(words)\(value)")
    }
  }

  @Test func `nothing that is typed reaches the terminal as it is`() throws {
    let words = ["upstream", "a\u{1b}[31m\nb\u{202e}c\u{200b}" + String(repeating: "z", count: 500)]
    let error = #expect(throws: FaultWordsError.self) { try WordsFleet.words.faults(words) }
    let text = try #require(error?.description)
    #expect(text.hasPrefix("upstream: no upstream is called a [31m bczzz"))
    #expect(text.hasSuffix("…; \(Self.upstreams)"))
    #expect(text.count < 160)
    let place = #expect(throws: FaultWordsError.self) {
      try WordsFleet.words.faults(["client", "web", "search-api", "a\u{1b}=1"])
    }
    #expect(try #require(place).description.hasPrefix("search-api: a = is not possible"))
  }

  @Test func `an error has its place and its problem`() {
    let error = #expect(throws: FaultWordsError.self) { try WordsFleet.faults("router mtu=x") }
    #expect(error?.place == "mtu")
    #expect(error?.problem == "x is not possible; it is none or bytes, 68 to 65535")
  }

  @Test func `a lab without anything has nothing to offer`() {
    let words = FaultWords(addressPrefix: "10.90.0.", calls: [], upstreams: [])
    let error = #expect(throws: FaultWordsError.self) { try words.faults(["upstream", "a"]) }
    #expect(error?.description == "upstream: no upstream is called a; there are none")
    let router = #expect(throws: FaultWordsError.self) { try words.faults(["router", "drop", ".1"]) }
    #expect(router?.description == "drop: .1 is not possible; there are none")
  }

  @Test func `the usage has every key, each on a line of its own`() throws {
    let lines = FaultWords.usage.split(separator: "\n").map(String.init)
    #expect(lines.allSatisfy { $0.count <= 100 })
    for key in ["service-time=", "logins=", "idle-timeout=", "mtu=", "rate=", "pool.leaks=", "limits.read="] {
      #expect(lines.count { $0.hasPrefix("  \(key) ") } == 1, "\(key)")
    }
    #expect(lines.count { $0.hasPrefix("  ") } == 10 + 3 + 4 + 9 + 6 + 7 + 4)
    #expect(lines.contains("router drop .ADDRESS …"))
    #expect(lines.contains("name-server speaks"))
    #expect(lines.contains("client NAMES restart [start-up=SECONDS]"))
    #expect(lines.contains { $0.hasPrefix("  pool.keepalive=") && $0.hasSuffix("none or whole seconds, 1 to 32767") })
  }

  private func message(_ words: String) -> String? {
    do throws(FaultWordsError) {
      _ = try WordsFleet.faults(words)
      return nil
    } catch {
      return error.description
    }
  }
}
