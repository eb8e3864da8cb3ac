internal import DeptopModel

/// What a connection's keepalive timer has shown of the idle time before its first probe.
///
/// The kernel does not tell that time. The timer is armed for it, less the silence that has passed by then, so that what
/// is left on it and the silence together are the time, or less when something came in since it was armed.
struct KeepalivePast: Sendable, Hashable {
  private var kind = Kind.unknown
  /// The best estimate, milliseconds.
  private var best: UInt32 = 0
  /// What the last look came to, the silence in it, and when the timer was to fire, milliseconds modulo 2^32.
  private var latest: UInt32 = 0
  private var silence: UInt32 = 0
  private var deadline: UInt32 = 0

  private enum Kind: UInt8 {
    case unknown, off, on
  }

  /// Two looks at one timer differ by no more than the kernel's ticks and the length of a sweep.
  private static let tolerance: UInt32 = 250

  var known: SocketSignals.Keepalive {
    switch kind {
    case .unknown: .unknown
    case .off: .off
    case .on: .on(atLeast: .milliseconds(Int(best)))
    }
  }

  mutating func remember(_ sample: SocketSample, _ info: TCPInfo, moved: Bool, at time: WallTime) {
    self = after(sample, info, moved: moved, at: time)
  }

  /// What is known after a sweep, with whether data moved since the last one.
  func after(_ sample: SocketSample, _ info: TCPInfo, moved: Bool, at time: WallTime) -> KeepalivePast {
    guard info.unacknowledged == 0, info.notSentBytes == 0 else { return self }
    switch sample.timer {
    case .none:
      var result = KeepalivePast()
      result.kind = .off
      return result
    // While probes are unanswered the timer runs for their interval.
    case .keepalive where sample.timerRetransmits == 0:
      let silence = min(info.lastDataReceivedMilliseconds, info.lastAckReceivedMilliseconds)
      return armed(for: sample.timerExpires, silence: silence, moved: moved, at: time)
    // The other timers hide it.
    case .keepalive, .retransmit, .timeWait, .zeroWindowProbe: return self
    }
  }

  private func armed(for left: UInt32, silence: UInt32, moved: Bool, at time: WallTime) -> KeepalivePast {
    let now = time.milliseconds
    let (sum, overflow) = left.addingReportingOverflow(silence)
    var result = self
    result.kind = .on
    result.latest = overflow ? .max : sum
    result.silence = silence
    result.deadline = now &+ left
    if kind == .on && (isSameArming(as: result) || wasProbed(before: result, moved: moved)) {
      result.best = max(best, result.latest)
    } else {
      result.best = result.latest
    }
    return result
  }

  private func isSameArming(as other: KeepalivePast) -> Bool {
    let distance = other.deadline &- deadline
    return min(distance, 0 &- distance) <= Self.tolerance
  }

  /// A probe was due and was answered: until it counts the silence anew, the timer runs for the probes' interval.
  private func wasProbed(before other: KeepalivePast, moved: Bool) -> Bool {
    !moved && other.silence < silence && latest >= best.subtractingSaturating(Self.tolerance)
  }
}

extension UInt32 {
  fileprivate func subtractingSaturating(_ other: UInt32) -> UInt32 { self > other ? self - other : 0 }
}
