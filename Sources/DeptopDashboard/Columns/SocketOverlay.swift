internal import DeptopModel
internal import DeptopScreen

/// What the kernel alone says of a dependency's connections, as a sentence for its row.
struct SocketOverlay {
  private let sockets: SocketSummary
  private let now: WallTime
  private let glyphs: Glyphs

  init(_ sockets: SocketSummary, now: WallTime, _ glyphs: Glyphs) {
    self.sockets = sockets
    self.now = now
    self.glyphs = glyphs
  }

  private var conditions: SocketConditions { sockets.conditions }

  /// True when there is something to say besides how many connections there are.
  var isTelling: Bool { conditions.isTroubled || conditions.waiting > 0 || conditions.replies != nil }

  /// The sentence for a row that nobody else has something to say of, in full, then in fewer and fewer words.
  var variants: [String] {
    let head = conditions.dead > 0 ? "\(conditions.dead) dead of \(sockets.total)" : "\(sockets.total)"
    let noun = sockets.total == 1 ? " socket" : " sockets"
    let owner = sockets.clients.first?.owner
    let others = sockets.clients.count > 1 ? " and \(sockets.clients.count - 1) more" : ""
    let held = owner.map { " of \($0.label)" } ?? ""
    let heldShort = owner.map { " of \($0.shortLabel)" } ?? ""
    let replies = conditions.replies.map { $0.text(glyphs) }
    let bare = conditions.dead > 0 ? head : head + noun
    func sentence(_ start: String, _ parts: [String?]) -> String {
      ([start] + parts.compactMap { $0 }).joined(separator: ", ")
    }
    return [
      sentence(head + noun + held + others, [idleBefore, stuck, waiting, replies]),
      sentence(head + noun + held, [idleBefore, stuck, waiting, replies]),
      sentence(head + noun + heldShort, [idleBefore, stuckShort, waiting, replies]),
      sentence(head + noun + heldShort, [stuckShort, waiting, replies]),
      sentence(head + noun + heldShort, [stuckShort, waiting]),
      sentence(head + noun + heldShort, [stuckShort, waitingShort]), sentence(bare, [stuckShort, waiting]),
      sentence(bare, [stuckShort, waitingShort]), sentence(bare, [conditions.dead > 0 ? nil : stuckShort]), bare,
    ]
  }

  /// The same for a row that has its own figures: only what is the matter; nil when nothing is.
  var trouble: String? {
    let dead = conditions.dead > 0 ? "\(conditions.dead) dead of \(counted(sockets.total, "socket"))" : nil
    let parts = [dead, idleBefore, stuck, waiting].compactMap { $0 }
    return parts.isEmpty ? nil : parts.joined(separator: ", ")
  }

  private var idleBefore: String? { conditions.idleBefore(glyphs).map { "idle \($0) before" } }

  /// What else keeps connections from being of use, worst first.
  private var stuck: String? {
    let parts = [
      conditions.zeroWindow > 0 ? "\(conditions.zeroWindow) at window 0" : nil,
      conditions.keepaliveUnanswered > 0 ? "\(conditions.keepaliveUnanswered) keepalive unanswered" : nil,
      conditions.connectUnanswered > 0 ? "\(conditions.connectUnanswered) SYN unanswered" : nil,
      conditions.peerClosed > 0 ? "\(conditions.peerClosed) closed by peer" : nil,
    ].compactMap { $0 }
    return parts.isEmpty ? nil : parts.joined(separator: ", ")
  }

  /// The worst of it alone.
  private var stuckShort: String? { stuck.map { String($0.prefix { $0 != "," }) } }

  private var waiting: String? {
    guard conditions.waiting > 0 else { return nil }
    let oldest = conditions.waitingSince.map { ", oldest \((now - $0).spoken(glyphs))" } ?? ""
    return "\(conditions.waiting) waiting\(oldest)"
  }

  private var waitingShort: String? { conditions.waiting > 0 ? "\(conditions.waiting) waiting" : nil }
}
