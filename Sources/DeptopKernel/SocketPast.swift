package import DeptopModel

/// What earlier sweeps saw of one connection, as far as the meaning of its present figures depends on it.
///
/// Small, as there is one for each socket of the host. Counters are kept modulo 2^32: only their growth counts.
package struct SocketPast: Sendable, Hashable {
  /// Where the counters stood when the connection was last well, or at its beginning; nil when that is not known.
  var well: Well?
  /// Where they stood in the last sweep, or at the beginning.
  var last: Progress?
  var keepalive = KeepalivePast()
  /// Since when the peer has closed its end, or its window; nil when neither is so.
  var since: WallTime?
  var condition = SocketSignals.Condition.unknown

  /// Counters of a connection to which nothing was wrong.
  struct Well: Sendable, Hashable {
    var busyMilliseconds: UInt32 = 0
    var retransmittedBytes: UInt32 = 0
    var retransmits: UInt32 = 0
  }

  /// How far a connection had come.
  struct Progress: Sendable, Hashable {
    /// The kernel counts the SYN as a byte.
    var acknowledged: UInt32 = 1
    var received: UInt32 = 0
    /// True when unacknowledged data had been sent again.
    var isStalled = false
    /// Since when that is so and nothing of it was acknowledged, milliseconds modulo 2^32.
    var stalledAt: UInt32 = 0
  }

  /// - Parameter isComplete: whether the connection's whole life falls between two sweeps, so that its counters began
  ///   at zero.
  package init(isComplete: Bool) {
    guard isComplete else { return }
    well = Well()
    last = Progress()
  }

  /// Takes note of a sweep, after its signals were derived.
  package mutating func remember(_ sample: SocketSample, _ signals: SocketSignals, at time: WallTime) {
    rememberSince(signals, at: time)
    condition = signals.condition
    guard sample.state == .established || sample.state == .closeWait, let info = sample.info else { return }
    keepalive.remember(sample, info, moved: hasMoved(info), at: time)
    if isWell(info, sample) {
      let accounting = info.accounting
      well = Well(
        busyMilliseconds: UInt32(truncatingIfNeeded: (accounting?.busyMicroseconds ?? 0) / 1000),
        retransmittedBytes: UInt32(truncatingIfNeeded: accounting?.bytesRetransmitted ?? 0),
        retransmits: info.totalRetransmits)
    }
    let acknowledged = UInt32(truncatingIfNeeded: info.bytesAcknowledged)
    let isSame = last.map { $0.isStalled && $0.acknowledged == acknowledged } ?? false
    last = Progress(
      acknowledged: acknowledged, received: UInt32(truncatingIfNeeded: info.bytesReceived),
      isStalled: sample.isStalled(info), stalledAt: isSame ? last?.stalledAt ?? 0 : time.milliseconds)
  }

  private mutating func rememberSince(_ signals: SocketSignals, at time: WallTime) {
    switch signals.condition {
    case .peerClosed, .zeroWindow:
      if condition != signals.condition || since == nil { since = signals.lasting.map { time - $0 } }
    default: since = nil
    }
  }

  /// Nothing outstanding, or acknowledged since the last sweep without being sent again.
  private func isWell(_ info: TCPInfo, _ sample: SocketSample) -> Bool {
    guard info.unacknowledged > 0 else { return true }
    guard info.backoff == 0, sample.timerRetransmits == 0, let last else { return false }
    return last.acknowledged != UInt32(truncatingIfNeeded: info.bytesAcknowledged)
  }

  func hasMoved(_ info: TCPInfo) -> Bool {
    guard let last else { return true }
    return last.acknowledged != UInt32(truncatingIfNeeded: info.bytesAcknowledged)
      || last.received != UInt32(truncatingIfNeeded: info.bytesReceived)
  }
}

extension WallTime {
  /// Modulo 2^32, for what is only compared with times close by.
  var milliseconds: UInt32 {
    UInt32(truncatingIfNeeded: Int64(exactly: (secondsSinceEpoch * 1000).rounded()) ?? 0)
  }
}

extension SocketSample {
  /// True when data is unacknowledged that was sent again, and waits to be sent once more.
  func isStalled(_ info: TCPInfo) -> Bool {
    info.unacknowledged > 0 && timer == .retransmit && info.backoff > 0
  }
}
