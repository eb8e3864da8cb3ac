import DeptopDiagnosis
import DeptopModel
import Testing

/// A breaker, and the dependency behind it.
private struct Guarded {
  var breaker = BreakerReading(
    client: "orders@web-17", state: .open, since: moment - .seconds(41), notPermitted: 812, openWait: .seconds(60))
  var others: [BreakerReading] = []
  var probes: [Duration?]?
  var probedAt = moment
  var offered: [BreakerState]?
  var calls: CallTotals?

  var finding: Finding? {
    var made = dependency()
    made.breakers = ([breaker] + others).map { Reading(reported: $0) }
    made.connect = probes.map { times in
      let addresses = times.enumerated().map { index, time in
        AddressConnect(
          address: IPAddress(v4: 0x0a00_0301 + UInt32(index)), attempts: 20, failures: 0, lastAt: probedAt, last: time,
          lastFailure: time == nil ? "connection refused" : nil)
      }
      return ConnectSummary(addresses: addresses, source: "probe", histogram: Histogram())
    }
    if let offered { made.actions = [ActionOffer(verb: .breaker, breakerStates: offered)] }
    made.calls = calls.map { Reading(reported: CallReading(window: .seconds(10), counts: $0)) }
    return BreakerTrouble().finding(for: made, at: moment)
  }

  /// Lets it go through states, one a second, the last one second ago.
  mutating func pass(_ states: BreakerState..., until end: WallTime = moment) {
    breaker.transitions = zip(states, states.dropFirst()).enumerated().map { index, step in
      BreakerTransition(at: end - .seconds(states.count - 1 - index), from: step.0, to: step.1)
    }
    breaker.state = states.last ?? .closed
    breaker.since = end - .seconds(1)
  }
}

struct BreakerTroubleTests {
  @Test func `an open breaker is critical, with its age and the calls that it rejected`() throws {
    let finding = try #require(Guarded().finding)
    #expect(finding.text == "breaker open for {since}: 812 calls not permitted")
    #expect(finding.textSince == moment - .seconds(41))
    #expect(finding.level == .critical)
    #expect(finding.confidence == 0.5)
    #expect(finding.action == nil)
  }

  @Test(arguments: [BreakerState.closed, .halfOpen, .disabled])
  func `a breaker that lets calls pass is silent`(state: BreakerState) {
    var guarded = Guarded()
    guarded.breaker.state = state
    #expect(guarded.finding == nil)
  }

  @Test func `no breaker is silent`() {
    #expect(BreakerTrouble().finding(for: dependency(), at: moment) == nil)
  }

  @Test func `forced open is called so, and what is not known is left out`() throws {
    var guarded = Guarded()
    guarded.breaker.state = .forcedOpen
    (guarded.breaker.since, guarded.breaker.notPermitted) = (nil, nil)
    #expect(try #require(guarded.finding).text == "breaker forced open: calls are not permitted")
    guarded.calls = CallTotals(fates: [.rejected: 1])
    #expect(try #require(guarded.finding).text == "breaker forced open: 1 call not permitted")
  }

  @Test func `one open breaker among many is found and named`() throws {
    var guarded = Guarded()
    guarded.others = (1...39).map { BreakerReading(client: "calm-\($0)", state: .closed) }
    #expect(
      try #require(guarded.finding).text
        == "breaker of orders@web-17 open for {since}: 812 calls not permitted; 1 of 40 breakers are open")
  }

  @Test(
    arguments: [(181, [0.001], true), (179, [0.001], false), (181, [0.001, nil], false), (181, [], false)]
      as [(Int, [Double?], Bool)])
  func `stuck open takes three waits and no failing probe`(age: Int, probes: [Double?], isStuck: Bool) throws {
    var guarded = Guarded()
    guarded.breaker.since = moment - .seconds(age)
    guarded.probes = probes.map { $0.map { .seconds($0) } }
    #expect(try #require(guarded.finding).text.hasPrefix("breaker stuck open") == isStuck)
  }

  @Test func `stuck open tells its wait, and needs a probe that is newer than the state`() throws {
    var guarded = Guarded()
    guarded.breaker.since = moment - .seconds(400)
    guarded.probes = [.milliseconds(1)]
    let finding = try #require(guarded.finding)
    #expect(
      finding.text
        == "breaker stuck open for {since}, its wait is 60 s, and every probe connects: 812 calls not permitted")
    #expect(finding.confidence == 0.6)
    guarded.probedAt = moment - .seconds(401)
    #expect(try #require(guarded.finding).text.hasPrefix("breaker open for"))
    guarded.probedAt = moment
    guarded.breaker.openWait = nil
    #expect(try #require(guarded.finding).text.hasPrefix("breaker open for"))
  }

  @Test func `opening and closing over and over is flapping`() throws {
    var guarded = Guarded()
    guarded.pass(.closed, .open, .halfOpen, .closed, .open, .halfOpen, .closed)
    let closed = try #require(guarded.finding)
    #expect(closed.text == "breaker flapping: the breaker opened 2 times in 10 min")
    #expect(closed.level == .warning)
    #expect(closed.textSince == nil)
    guarded.pass(.closed, .open, .halfOpen, .closed, .open)
    let open = try #require(guarded.finding)
    #expect(
      open.text
        == "breaker flapping: the breaker opened 2 times in 10 min; open now for {since}: 812 calls not permitted")
    #expect(open.level == .critical)
  }

  @Test func `three openings flap even when the states between were not seen`() throws {
    var guarded = Guarded()
    guarded.breaker.transitions = [300, 200, 100].map {
      BreakerTransition(at: moment - .seconds($0), from: .closed, to: .open)
    }
    guarded.breaker.state = .closed
    #expect(try #require(guarded.finding).text.hasPrefix("breaker flapping"))
    guarded.breaker.transitions.removeFirst()
    #expect(guarded.finding == nil)
  }

  @Test func `a breaker that fails its trials, or opened once, is at work`() {
    var guarded = Guarded()
    guarded.pass(.closed, .open, .halfOpen, .open, .halfOpen, .open, .halfOpen, .closed)
    #expect(guarded.finding == nil)
    guarded.pass(.closed, .open, .halfOpen, .closed)
    #expect(guarded.finding == nil)
  }

  @Test func `changes long ago and those of an operator do not count`() {
    var guarded = Guarded()
    guarded.pass(.closed, .open, .halfOpen, .closed, .open, .closed, until: moment - .seconds(700))
    #expect(guarded.finding == nil)
    guarded.pass(.closed, .forcedOpen, .closed, .forcedOpen, .closed, .disabled, .closed)
    #expect(guarded.finding == nil)
  }

  @Test(
    arguments: [
      (.open, [.halfOpen, .closed], "half-open"), (.open, [.closed], "close"),
      (.forcedOpen, [.halfOpen, .closed], "close"),
      (.open, [.forcedOpen], nil), (.open, [], nil),
    ] as [(BreakerState, [BreakerState], String?)])
  func `the action is a state that is offered`(state: BreakerState, offered: [BreakerState], label: String?) throws {
    var guarded = Guarded()
    (guarded.breaker.state, guarded.offered) = (state, offered)
    let finding = try #require(guarded.finding)
    #expect(finding.actionLabel == label)
    #expect(finding.action == (label == nil ? nil : .breaker))
  }

  @Test func `nothing is offered while a probe fails`() throws {
    var guarded = Guarded()
    (guarded.offered, guarded.probes) = ([.halfOpen], [nil])
    #expect(try #require(guarded.finding).action == nil)
  }

  @Test func `rejected calls support it, calls that all pass speak against it`() throws {
    var guarded = Guarded()
    guarded.calls = CallTotals(requests: 50, fates: [.rejected: 50])
    #expect(try #require(guarded.finding).confidence == 0.6)
    #expect(try #require(guarded.finding).notFound == ["calls that all pass"])
    guarded.calls = CallTotals(requests: 50, fates: [.success: 50])
    #expect(try #require(guarded.finding).confidence == 0.2)
  }
}
