package import DeptopModel

extension SocketPast {
  /// How often data must have been sent again for a path to count as dead: about 0.7 s at the usual timeout of 0.2 s.
  package static let deadBackoff: UInt8 = 2

  /// What the figures of a connection amount to, in the light of earlier sweeps.
  package func signals(of sample: SocketSample, at time: WallTime) -> SocketSignals {
    switch sample.state {
    case .established: sample.info.map { established(sample, $0, at: time) } ?? SocketSignals(.unknown)
    case .closeWait: closedByPeer(sample, at: time)
    // Its times count from the boot, so none of them is told.
    case .synSent:
      SocketSignals(
        sample.timerRetransmits > 0 ? .connectUnanswered : .connecting, unanswered: Int(sample.timerRetransmits))
    case .synReceived: SocketSignals(.connecting)
    case .finWait1, .finWait2, .timeWait, .close, .lastAck, .closing: SocketSignals(.closing)
    case .listen: SocketSignals(.unknown)
    }
  }

  private func established(_ sample: SocketSample, _ info: TCPInfo, at time: WallTime) -> SocketSignals {
    var signals = SocketSignals(.active)
    signals.keepalive = keepalive.after(sample, info, moved: hasMoved(info), at: time).known
    if isDead(sample, info, at: time) {
      describeDeath(of: sample, info, in: &signals)
    } else if sample.hasClosedWindow(info) {
      signals.condition = .zeroWindow
      signals.unanswered = Int(sample.timerRetransmits)
      signals.lasting = lasting(.zeroWindow, firstSeen: .zero, at: time)
    } else if info.unacknowledged > 0 {
      signals.unanswered = sample.timer == .retransmit ? Int(sample.timerRetransmits) : 0
    } else {
      describeQuiet(sample, info, in: &signals)
    }
    return signals
  }

  /// Nothing is unacknowledged.
  private func describeQuiet(_ sample: SocketSample, _ info: TCPInfo, in signals: inout SocketSignals) {
    if sample.timer == .keepalive && sample.timerRetransmits > 0 {
      signals.condition = .keepaliveUnanswered
      signals.unanswered = Int(sample.timerRetransmits)
    } else if let waited = sample.awaitingReply {
      signals.condition = .waiting
      signals.lasting = waited
    } else if info.notSentBytes == 0 {
      signals.condition = .idle
      signals.lasting = sample.quiet
      signals.lastReply = lastReply(info)
    }
  }

  private func closedByPeer(_ sample: SocketSample, at time: WallTime) -> SocketSignals {
    // The peer's FIN came with an acknowledgement; one that came later can only be that of what was sent since.
    let atMost = sample.info.map { min($0.lastDataReceivedMilliseconds, $0.lastAckReceivedMilliseconds) }
    let firstSeen = atMost.map { Duration.milliseconds(Int($0)) }
    return SocketSignals(.peerClosed, lasting: lasting(.peerClosed, firstSeen: firstSeen, at: time))
  }

  /// How long a condition holds: since it was first seen, at which time it was that old already.
  private func lasting(
    _ condition: SocketSignals.Condition, firstSeen: Duration?, at time: WallTime
  ) -> Duration? {
    guard self.condition == condition, let since else { return firstSeen }
    return max(.zero, time - since)
  }

  /// The time between the last send and the end of its reply, when both fell between two sweeps, or the reply did to
  /// a request that was seen waiting.
  private func lastReply(_ info: TCPInfo) -> Duration? {
    guard let last, info.lastDataSentMilliseconds >= info.lastDataReceivedMilliseconds,
      last.received != UInt32(truncatingIfNeeded: info.bytesReceived),
      condition == .waiting || last.acknowledged != UInt32(truncatingIfNeeded: info.bytesAcknowledged)
    else { return nil }
    return .milliseconds(Int(info.lastDataSentMilliseconds - info.lastDataReceivedMilliseconds))
  }
}

extension SocketSample {
  /// True when the peer takes no more data, and there is some.
  ///
  /// The probe timer runs too when this host itself holds data back, as a local filter does: the window is open then.
  fileprivate func hasClosedWindow(_ info: TCPInfo) -> Bool {
    guard let accounting = info.accounting else { return timer == .zeroWindowProbe }
    return accounting.sendWindow == 0 && (timer == .zeroWindowProbe || info.notSentBytes > 0)
  }
}
