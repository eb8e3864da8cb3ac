internal import DeptopModel
internal import DeptopScreen

extension SocketSummary {
  /// How much is said of a condition besides how many connections are in it.
  private enum Depth { case everything, deadOnly, counts }

  /// The connections counted by condition, worst first: `dead 2 (silent 41s, idle 31s before), waiting 5 (oldest 41s)`;
  /// then the same in fewer words.
  func conditionTexts(at now: WallTime, _ glyphs: Glyphs) -> [String] {
    [Depth.everything, .deadOnly, .counts].map { depth in
      let troubles = troubles(at: now, glyphs, depth)
      // Requests that wait come and go with every tick: they displace nothing.
      let start = conditions.isTroubled ? troubles : ["\(established) established"] + troubles
      let rest = [
        Self.part("connecting", connecting - conditions.connectUnanswered),
        Self.part("closing", closing - conditions.peerClosed), "idle \(idle)",
        Self.part("keepalive off", conditions.keepaliveOff),
      ]
      return (start + rest.compactMap { $0 }).joined(separator: ", ")
    }
  }

  private func troubles(at now: WallTime, _ glyphs: Glyphs, _ depth: Depth) -> [String] {
    func since(_ time: WallTime?, _ before: String = "") -> String? {
      depth == .everything ? time.map { "\(before)\((now - $0).spoken(glyphs))" } : nil
    }
    let dead = [
      since(conditions.deadSince, "silent "),
      depth == .counts ? nil : conditions.idleBefore(glyphs).map { "idle \($0) before" },
    ].compactMap { $0 }
    let closed = depth == .everything ? conditions.peerClosedSince.map { "\((now - $0).age) ago" } : nil
    return [
      Self.part("dead", conditions.dead, dead),
      Self.part("waiting", conditions.waiting, [since(conditions.waitingSince, "oldest ")]),
      Self.part("zero window", conditions.zeroWindow, [since(conditions.zeroWindowSince)]),
      Self.part("keepalive unanswered", conditions.keepaliveUnanswered),
      Self.part("SYN unanswered", conditions.connectUnanswered),
      Self.part("peer closed", conditions.peerClosed, [closed]),
    ].compactMap { $0 }
  }

  private static func part(_ name: String, _ count: Int, _ remarks: [String?] = []) -> String? {
    let known = remarks.compactMap { $0 }
    let behind = known.isEmpty ? "" : " (\(known.joined(separator: ", ")))"
    return count > 0 ? "\(name) \(count)\(behind)" : nil
  }
}

extension SocketConditions {
  /// How long dead connections were idle before the send that is stuck: `31s`, `31–44s`; nil when it is not known.
  func idleBefore(_ glyphs: Glyphs) -> String? {
    guard let shortest = deadIdleBefore.min(), let longest = deadIdleBefore.max() else { return nil }
    return glyphs.range(shortest, longest)
  }

  /// Connections that need somebody: all but those that merely wait or have nothing to do.
  var isTroubled: Bool { dead + zeroWindow + keepaliveUnanswered + connectUnanswered + peerClosed > 0 }
}

extension ReplyEstimate {
  /// `replies ≈12ms (seen at 1s)`: an estimate always tells how coarse it is.
  func text(_ glyphs: Glyphs) -> String {
    "replies \(glyphs.about)\(median.text(glyphs)) (seen at \(resolution.spoken(glyphs)))"
  }
}
