import DeptopKernel
import DeptopModel
import Testing

@Suite("Kernel counters")
struct KernelCountersTests {
  private static let snmp = """
    Ip: Forwarding DefaultTTL
    Ip: 1 64
    Tcp: RtoAlgorithm RtoMin RtoMax MaxConn ActiveOpens PassiveOpens AttemptFails EstabResets CurrEstab InSegs \
    OutSegs RetransSegs InErrs OutRsts InCsumErrors
    Tcp: 1 200 120000 -1 17 3 5 7 2 1000 900 11 0 4 0
    Udp: InDatagrams
    Udp: 9
    """
  private static let netstat = """
    TcpExt: SyncookiesSent ListenOverflows ListenDrops TCPTimeouts TCPAbortOnTimeout TCPSynRetrans TCPMTUPFail \
    TCPMTUPSuccess
    TcpExt: 0 13 14 19 23 29 31 37
    IpExt: InNoRoutes
    IpExt: 0
    """

  @Test func `counters are found by their names`() throws {
    let counters = try #require(KernelCounters(snmp: Self.snmp, netstat: Self.netstat))
    var expected = KernelCounters()
    expected.activeOpens = 17
    expected.attemptFailures = 5
    expected.establishedResets = 7
    expected.retransmittedSegments = 11
    expected.listenOverflows = 13
    expected.timeouts = 19
    expected.abortsOnTimeout = 23
    expected.synRetransmits = 29
    expected.mtuProbeFailures = 31
    expected.mtuProbeSuccesses = 37
    #expect(counters == expected)
  }

  @Test(
    arguments: [
      ("Tcp: EstabResets ActiveOpens\nTcp: 4 2\n", "", 4, 0),
      ("Tcp: EstabResets ActiveOpens\nTcp: 4\n", "TcpExt: TCPTimeouts\n", 4, 0),
      ("Tcp: EstabResets\nTcp: 4 5 6\n", "TcpExt: TCPTimeouts X\nTcpExt: 8\n", 4, 8),
      ("Tcp: X EstabResets\nTcp: junk 4\n", "\u{0}\nTcpExt: TCPTimeouts\nTcpExt: -1\n", 4, 0),
      ("Tcp: EstabResets\nTcp: 18446744073709551615\n", "TcpExt:\nTcpExt:\n", .max, 0),
    ] as [(String, String, UInt64, UInt64)])
  func `odd files give what is in them`(snmp: String, netstat: String, resets: UInt64, timeouts: UInt64) throws {
    let counters = try #require(KernelCounters(snmp: snmp, netstat: netstat))
    #expect(counters.establishedResets == resets)
    #expect(counters.timeouts == timeouts)
  }

  @Test(arguments: ["", "\n\n", "Tcp:", "Tcp: EstabResets\n", "Udp: A\nUdp: 1\n", "Tcp: EstabResets\nTcp: x\n"])
  func `without values for TCP there are no counters`(snmp: String) {
    #expect(KernelCounters(snmp: snmp, netstat: Self.netstat) == nil)
  }

  @Test func `what counts is the growth since the first reading, and over the last minute`() {
    var history = CounterHistory()
    #expect(history.total == nil && history.lastMinute == nil)
    for step in 0...30 as ClosedRange<UInt64> {
      var counters = KernelCounters()
      counters.establishedResets = 100 + step
      history.add(counters, at: WallTime(secondsSinceEpoch: 1_000 + 5 * Double(step)))
    }
    #expect(history.total?.establishedResets == 30)
    #expect(history.lastMinute?.establishedResets == 12)
  }

  @Test func `a counter that fell has not grown`() {
    var before = KernelCounters()
    before.timeouts = 5
    #expect(KernelCounters().growth(since: before).timeouts == 0)
  }
}

@Suite("Namespace limits")
struct NamespaceLimitsTests {
  @Test func `the own namespace says its limits`() {
    let limits = NamespaceLimits()
    #expect(limits.localPorts == nil)
    let own = NamespaceLimits(readingFrom: "/proc/sys/net")
    #expect(own.localPorts ?? 0 > 0)
    #expect(own.keepaliveTime ?? .zero > .zero)
    #expect(own.keepaliveProbes ?? 0 > 0)
    #expect(own.keepaliveInterval ?? .zero > .zero)
    #expect(own.mtuProbing != nil)
  }

  @Test func `settings of another namespace amount to limits`() {
    let limits = NamespaceLimits([
      .keepaliveTime: 7_200, .keepaliveInterval: 75, .keepaliveProbes: 9, .mtuProbing: 1, .localPortFirst: 32_768,
      .localPortLast: 60_999, .tracked: 12, .trackedMaximum: 65_536,
    ])
    #expect(limits.keepaliveTime == .seconds(7_200))
    #expect(limits.keepaliveInterval == .seconds(75))
    #expect(limits.keepaliveProbes == 9)
    #expect(limits.mtuProbing == 1)
    #expect(limits.localPorts == 28_232)
    #expect(limits.tracked == 12 && limits.trackedMaximum == 65_536)
  }

  @Test func `settings that make no sense are not told`() {
    #expect(NamespaceLimits([:]) == NamespaceLimits())
    let limits = NamespaceLimits([
      .keepaliveTime: -1, .keepaliveInterval: .max, .keepaliveProbes: .min, .mtuProbing: -5, .localPortFirst: 60_999,
      .localPortLast: 32_768, .tracked: -1, .trackedMaximum: .min,
    ])
    #expect(limits == NamespaceLimits())
  }

  @Test func `a directory that is not there has no limits`() {
    #expect(NamespaceLimits(readingFrom: "/nothing/here") == NamespaceLimits())
  }
}
