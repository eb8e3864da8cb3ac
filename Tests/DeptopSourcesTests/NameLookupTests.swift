internal import DeptopBlocking
import DeptopModel
import DeptopSources
import DeptopTestSupport
import Testing

@Suite(.servers("dnsmasq", nameServer: false)) struct NameLookupTests {
  /// Asks one name of one server and answers the outcome.
  private func ask(
    _ name: String, of server: DnsmasqServer, search: SearchList = SearchList(), timeout: Duration = .seconds(5)
  ) async -> ResolverAnswer.Outcome? {
    let question = NameQuestion(name: name, resolver: server.address)
    return await replies(to: [question], search: search, timeout: timeout)[question]?.outcome(known: [])
  }

  private func replies(
    to questions: [NameQuestion], search: SearchList = SearchList(), timeout: Duration
  ) async -> [NameQuestion: NameReply] {
    let lookup = NameLookup(search: search, timeout: timeout)
    return await BlockingThread().runInterruptibly { lookup.replies(to: questions, interrupt: $0) }
  }

  private func addresses(_ texts: [String]) throws -> [IPAddress] {
    try texts.map { try #require(IPAddress($0)) }
  }

  @Test func `all addresses of both families come with their TTL`() async throws {
    let given = ["10.9.0.3", "10.9.0.1", "10.9.0.2", "2001:db8::3"]
    let server = try await DnsmasqServer.start(hosts: [("db.lab", given)], ttl: .seconds(99))
    guard case .addresses(let found, let ttl) = await ask("db.lab", of: server) else {
      Issue.record("no addresses")
      return
    }
    #expect(try Set(found) == Set(addresses(given)))
    #expect(found.last?.isV4 == false)
    #expect(ttl == .seconds(99))
  }

  @Test func `the TTL is the smallest one of the aliases and the addresses`() async throws {
    let server = try await DnsmasqServer.start(
      hosts: [("db1.lab", ["10.9.0.1"])], ttl: .seconds(30), arguments: ["--cname=db.lab,db1.lab,7"])
    #expect(try await ask("db.lab", of: server) == .addresses(addresses(["10.9.0.1"]), ttl: .seconds(7)))
    #expect(try await ask("db1.lab", of: server) == .addresses(addresses(["10.9.0.1"]), ttl: .seconds(30)))
  }

  @Test func `a name that does not exist is not a failure`() async throws {
    let server = try await DnsmasqServer.start(hosts: [("db.lab", ["10.9.0.1"])])
    #expect(await ask("none.lab", of: server) == .noSuchName("no such name"))
  }

  @Test func `a name with addresses of one family only is an answer`() async throws {
    let server = try await DnsmasqServer.start(hosts: [("six.lab", ["2001:db8::1"])])
    #expect(try await ask("six.lab", of: server) == .addresses(addresses(["2001:db8::1"]), ttl: .seconds(30)))
  }

  @Test func `a refused question is a failure`() async throws {
    let server = try await DnsmasqServer.start(hosts: [], isAuthoritative: false)
    #expect(await ask("db.lab", of: server) == .failed("refused"))
  }

  @Test func `a refused family does not hide the other one`() async throws {
    let server = try await DnsmasqServer.start(hosts: [("db.lab", ["10.9.0.1"])], isAuthoritative: false)
    #expect(try await ask("db.lab", of: server) == .addresses(addresses(["10.9.0.1"]), ttl: .seconds(30)))
  }

  @Test func `a dead resolver fails at once`() async throws {
    let server = try await DnsmasqServer.start(hosts: [])
    try await server.kill()
    let started = MonotonicTime.now()
    #expect(await ask("db.lab", of: server, timeout: .seconds(20)) == .failed("connection refused"))
    #expect(MonotonicTime.now() - started < .seconds(5))
  }

  @Test func `a short name is completed by the search list`() async throws {
    let server = try await DnsmasqServer.start(hosts: [("db.prod.lab", ["10.9.0.1"])])
    let search = SearchList(domains: ["test.lab", "prod.lab"])
    #expect(try await ask("db", of: server, search: search) == .addresses(addresses(["10.9.0.1"]), ttl: .seconds(30)))
  }

  @Test func `an answer too large for a datagram is fetched over TCP`() async throws {
    let given = (1...120).map { "10.9.1.\($0)" }
    let server = try await DnsmasqServer.start(hosts: [("many.lab", given)])
    guard case .addresses(let found, _) = await ask("many.lab", of: server) else {
      Issue.record("no addresses")
      return
    }
    #expect(try Set(found) == Set(addresses(given)))
    #expect(found.count == 120)
  }

  @Test func `a resolver on an IPv6 address is asked`() async throws {
    let place = SocketAddress(IPAddress(v6High: 0, low: 1), port: .random(in: 20_000...29_999))
    let server = try await DnsmasqServer.start(hosts: [("db.lab", ["10.9.0.1"])], at: place)
    #expect(try await ask("db.lab", of: server) == .addresses(addresses(["10.9.0.1"]), ttl: .seconds(30)))
  }

  @Test func `a name that cannot exist is a failure`() async throws {
    let server = try await DnsmasqServer.start(hosts: [])
    let label = String(repeating: "x", count: 64)
    #expect(await ask("\(label).lab", of: server) == .failed("not a host name"))
  }

  @Test func `more names than are asked at once are all answered`() async throws {
    let hosts = (0..<180).map { (name: "n\($0).lab", addresses: ["10.9.2.\($0)"]) }
    let server = try await DnsmasqServer.start(hosts: hosts)
    let questions = hosts.map { NameQuestion(name: $0.name, resolver: server.address) }
    let replies = await replies(to: questions, timeout: .seconds(20))
    for (question, host) in zip(questions, hosts) {
      let outcome = replies[question]?.outcome(known: [])
      #expect(try outcome == .addresses(addresses(host.addresses), ttl: .seconds(30)))
    }
  }

  @Test func `one family's silence is told when it had addresses before`() async throws {
    let silent = try await DnsmasqServer.start(hosts: [])
    silent.pause()
    // A is answered from its own record, AAAA is passed on to the silent server.
    let server = try await DnsmasqServer.start(
      hosts: [("half.lab", ["10.9.0.1"])], isAuthoritative: false,
      arguments: ["--server=/half.lab/\(silent.address.address)#\(silent.address.port)"])
    let question = NameQuestion(name: "half.lab", resolver: server.address)
    let reply = try #require(await replies(to: [question], timeout: .milliseconds(500))[question])
    #expect(try reply.outcome(known: []) == .addresses(addresses(["10.9.0.1"]), ttl: .seconds(30)))
    #expect(reply.outcome(known: [.v6]) == .failed("AAAA: timed out after 0.5 s"))
  }
}

@Suite(.servers("dnsmasq", nameServer: false)) struct SilentResolverTests {
  @Test func `a silent resolver times out in time and the other one answers at once`() async throws {
    let live = try await DnsmasqServer.start(hosts: [("db.lab", ["10.9.0.1"])])
    let silent = try await DnsmasqServer.start(hosts: [("db.lab", ["10.9.0.1"])])
    silent.pause()
    let resolvers = [silent.address, live.address]
    let (first, ended) = await BlockingThread().run { conversation(with: resolvers, timeout: .seconds(3)) }
    #expect(first.map(\.question) == [1, 2, 3, 4])
    #expect(first.prefix(2).allSatisfy { $0.after < .seconds(1.5) }, "the live resolver waited for the silent one")
    #expect(first.suffix(2).allSatisfy { $0.after >= .seconds(3) && $0.after < .seconds(4) })
    #expect(first.suffix(2).allSatisfy { $0.reply == .silence("timed out after 3.0 s") })
    #expect(ended)
  }

  @Test func `a silent resolver that wakes up is heard`() async throws {
    let server = try await DnsmasqServer.start(hosts: [("db.lab", ["10.9.0.1"])])
    server.pause()
    let lookup = NameLookup(search: SearchList(), timeout: .seconds(20))
    let question = NameQuestion(name: "db.lab", resolver: server.address)
    async let replies = BlockingThread().runInterruptibly { lookup.replies(to: [question], interrupt: $0) }
    server.resume()
    #expect(await replies[question]?.families == [.v4])
  }

  @Test func `a cancelled task does not wait for the timeout`() async throws {
    let server = try await DnsmasqServer.start(hosts: [])
    server.pause()
    let question = NameQuestion(name: "db.lab", resolver: server.address)
    let started = MonotonicTime.now()
    let task = Task {
      let lookup = NameLookup(search: SearchList(), timeout: .seconds(60))
      return await BlockingThread().runInterruptibly { lookup.replies(to: [question], interrupt: $0) }
    }
    task.cancel()
    #expect(await task.value[question]?.outcome(known: []) == nil)
    #expect(MonotonicTime.now() - started < .seconds(10))
  }
}

@Suite struct ErrorAnswerTests {
  @Test(
    arguments: [
      (UInt8(1), "the server calls the question malformed"), (2, "server failure"),
      (4, "not implemented by the server"), (5, "refused"), (9, "unusable answer"),
    ])
  func `an error answer is told in words`(code: UInt8, reason: String) async throws {
    #expect(try await outcome(code: code, onlyWithEDNS: false) == .failed(reason))
  }

  @Test func `a server that does not understand EDNS is asked without`() async throws {
    #expect(try await outcome(code: 1, onlyWithEDNS: true) == .noSuchName("no address"))
  }

  private func outcome(code: UInt8, onlyWithEDNS: Bool) async throws -> ResolverAnswer.Outcome? {
    let server = try ErrorResolver(code: code, onlyWithEDNS: onlyWithEDNS)
    let question = NameQuestion(name: "db.lab", resolver: server.address)
    let lookup = NameLookup(search: SearchList(), timeout: .seconds(5))
    return await BlockingThread().runInterruptibly { lookup.replies(to: [question], interrupt: $0) }[question]?
      .outcome(known: [])
  }
}

private struct Heard {
  var question: UInt32
  var reply: FamilyReply
  var after: Duration
}

/// Asks each resolver for both families, numbers the silent one's 3 and 4, and tells when each question ended.
private func conversation(with resolvers: [SocketAddress], timeout: Duration) -> (heard: [Heard], ended: Bool) {
  guard let conversation = DNSConversation(timeout: timeout) else { return ([], false) }
  let started = MonotonicTime.now()
  for (index, resolver) in resolvers.enumerated() {
    for (offset, family) in AddressFamily.allCases.enumerated() {
      let number = UInt32(3 - index * 2 + offset)
      if !conversation.ask(number, for: "db.lab", of: resolver, family: family) { return ([], false) }
    }
  }
  var heard: [Heard] = []
  while let reply = conversation.next(until: started + timeout, interrupt: Interrupt()) {
    heard.append(Heard(question: reply.question, reply: reply.reply, after: MonotonicTime.now() - started))
  }
  return (heard.sorted { $0.question < $1.question }, true)
}
