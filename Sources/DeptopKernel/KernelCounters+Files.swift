package import DeptopModel

extension KernelCounters {
  /// Reads the counters from the text of `/proc/PID/net/snmp` and `/proc/PID/net/netstat`.
  ///
  /// Each table is a pair of lines with the same first word: names, then values. Tables and names are found by their
  /// words, as order and number change from kernel to kernel; a counter that a kernel does not have is 0.
  ///
  /// - Returns: nil when the TCP table is missing or has no values.
  package init?(snmp: String, netstat: String) {
    self.init()
    guard take(table: "Tcp:", from: snmp) else { return nil }
    _ = take(table: "TcpExt:", from: netstat)
  }

  /// What was counted since an earlier reading; a counter that fell, which the kernel's never does, has grown by 0.
  package func growth(since earlier: KernelCounters) -> KernelCounters {
    func difference(_ counter: (KernelCounters) -> UInt64) -> UInt64 {
      let (now, before) = (counter(self), counter(earlier))
      return now > before ? now - before : 0
    }
    var growth = KernelCounters()
    growth.establishedResets = difference(\.establishedResets)
    growth.attemptFailures = difference(\.attemptFailures)
    growth.synRetransmits = difference(\.synRetransmits)
    growth.retransmittedSegments = difference(\.retransmittedSegments)
    growth.timeouts = difference(\.timeouts)
    growth.abortsOnTimeout = difference(\.abortsOnTimeout)
    growth.listenOverflows = difference(\.listenOverflows)
    growth.mtuProbeFailures = difference(\.mtuProbeFailures)
    growth.mtuProbeSuccesses = difference(\.mtuProbeSuccesses)
    growth.activeOpens = difference(\.activeOpens)
    return growth
  }

  private mutating func take(table: String, from text: String) -> Bool {
    let all = text.split(whereSeparator: \.isNewline).map { $0.split(separator: " ") }
    let lines = all.filter { $0.first == table[...] }
    guard lines.count >= 2 else { return false }
    var hasValue = false
    for (name, word) in zip(lines[0], lines[1]).dropFirst() {
      guard let value = UInt64(word) else { continue }
      hasValue = true
      take(String(name), value)
    }
    return hasValue
  }

  private mutating func take(_ name: String, _ value: UInt64) {
    switch name {
    case "EstabResets": establishedResets = value
    case "AttemptFails": attemptFailures = value
    case "TCPSynRetrans": synRetransmits = value
    case "RetransSegs": retransmittedSegments = value
    case "TCPTimeouts": timeouts = value
    case "TCPAbortOnTimeout": abortsOnTimeout = value
    case "ListenOverflows": listenOverflows = value
    case "TCPMTUPFail": mtuProbeFailures = value
    case "TCPMTUPSuccess": mtuProbeSuccesses = value
    case "ActiveOpens": activeOpens = value
    default: break
    }
  }
}
