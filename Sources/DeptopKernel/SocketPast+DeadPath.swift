internal import DeptopModel

extension SocketPast {
  /// The longest pause between two retransmissions (`TCP_RTO_MAX`): from there on pauses no longer double.
  private static let longestPause: UInt32 = 120_000_000
  /// Two sweeps have to be as far apart, milliseconds, for the lack of an acknowledgement between them to say something:
  /// more than the way there and back.
  private static let tellingPause: UInt32 = 500

  /// Data was sent again at least twice, and nothing of it was acknowledged although the peer's window is open.
  func isDead(_ sample: SocketSample, _ info: TCPInfo, at time: WallTime) -> Bool {
    guard sample.isStalled(info), info.backoff >= Self.deadBackoff, info.accounting?.sendWindow != 0 else {
      return false
    }
    if let last, last.isStalled, last.acknowledged == UInt32(truncatingIfNeeded: info.bytesAcknowledged),
      condition == .dead || time.milliseconds &- last.stalledAt >= Self.tellingPause
    {
      return true
    }
    // Seen so for the first time: it counts when no acknowledgement came since the last time it was sent.
    return info.lastAckReceivedMilliseconds >= info.lastDataSentMilliseconds
  }

  func describeDeath(of sample: SocketSample, _ info: TCPInfo, in signals: inout SocketSignals) {
    signals.condition = .dead
    signals.unanswered = Int(sample.timerRetransmits)
    signals.meanRetransmit = meanRetransmit(sample, info)
    guard let stuck = stuckMilliseconds(sample, info) else { return }
    signals.lasting = .milliseconds(stuck)
    signals.idleBefore = .milliseconds(max(0, Int(info.lastAckReceivedMilliseconds) - stuck))
  }

  /// Time since the first send that is stuck.
  ///
  /// A retransmission counts as a send in the kernel's "last sent", so that the time with data outstanding has to tell
  /// it. Without that, it follows from the pauses, each of which was twice the one before.
  private func stuckMilliseconds(_ sample: SocketSample, _ info: TCPInfo) -> Int? {
    if let well, let accounting = info.accounting {
      return Int(UInt32(truncatingIfNeeded: accounting.busyMicroseconds / 1000) &- well.busyMilliseconds)
    }
    let pause = info.rtoMicroseconds
    guard pause > 0, pause < Self.longestPause else { return nil }
    let over = (pause - pause >> UInt32(info.backoff)) / 1000
    return Int(over) + max(0, Int(pause / 1000) - Int(sample.timerExpires))
  }

  /// Bytes a retransmission, of those since the connection was well.
  private func meanRetransmit(_ sample: SocketSample, _ info: TCPInfo) -> Int? {
    guard let accounting = info.accounting else { return nil }
    let bytes = UInt32(truncatingIfNeeded: accounting.bytesRetransmitted)
    if let well {
      let count = info.totalRetransmits &- well.retransmits
      return count > 0 ? Int((bytes &- well.retransmittedBytes) / count) : nil
    }
    // One more than the unanswered ones may be a probe for the loss of the last segment.
    guard info.totalRetransmits > 0, info.totalRetransmits <= UInt32(sample.timerRetransmits) + 1 else { return nil }
    return Int(bytes / info.totalRetransmits)
  }
}
