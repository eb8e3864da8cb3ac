internal import DeptopModel
internal import DeptopScreen

extension SocketSignals.Condition {
  /// Its place in the order of what hurts, 0 for the worst.
  var rank: Int {
    switch self {
    case .dead: 0
    case .zeroWindow: 1
    case .keepaliveUnanswered: 2
    case .connectUnanswered: 3
    case .peerClosed: 4
    case .waiting: 5
    case .connecting: 6
    case .active: 7
    case .idle: 8
    case .closing: 9
    case .unknown: 10
    }
  }
}

extension SocketSignals {
  /// From which age on a request that waits is worth a colour: most replies of a healthy service come sooner.
  static let notableWait = Duration.seconds(1)

  var role: Role {
    switch condition {
    case .dead: .critical
    case .zeroWindow, .keepaliveUnanswered, .connectUnanswered, .peerClosed: .warning
    case .waiting: (lasting ?? .zero) >= Self.notableWait ? .warning : .text
    case .connecting, .active, .idle: .text
    case .closing, .unknown: .muted
    }
  }
}

extension Connection {
  /// What the kernel says of the connection, then the same in fewer and fewer words; never empty.
  func words(_ glyphs: Glyphs) -> [String] {
    let lasting = signals.lasting?.spoken(glyphs)
    let time = lasting.map { " \($0)" } ?? ""
    let span = lasting.map { " for \($0)" } ?? ""
    switch signals.condition {
    case .dead: return deadWords(glyphs, lasting)
    case .zeroWindow:
      return ["peer takes no data\(span) (window 0)", "takes no data\(span)", "takes no data", "window 0"]
    case .keepaliveUnanswered:
      let count = signals.unanswered > 0 ? " \(glyphs.times)\(signals.unanswered)" : ""
      let idle = idle.map { ", idle \($0.spoken(glyphs))" } ?? ""
      return ["keepalive unanswered\(count)\(idle)", "keepalive unanswered\(count)", "no keepalive reply", "no reply"]
    case .connectUnanswered:
      let count = "\(signals.unanswered) SYN unanswered"
      return ["connecting, \(count)\(span)", "connecting, \(count)", count, "no SYN reply"]
    case .peerClosed:
      let ago = signals.lasting.map { " \($0.age) ago" } ?? ""
      return ["peer closed\(ago), not closed here", "peer closed\(ago)", "peer closed"]
    case .waiting: return ["waiting\(time) for its reply", "waiting\(time)"]
    case .connecting: return ["connecting\(span)", "connecting"]
    case .active: return ["sending"]
    case .idle: return idleWords(glyphs)
    case .closing: return ["closing (\(sanitized(state)))", "closing"]
    case .unknown: return [sanitized(state)]
    }
  }

  private func deadWords(_ glyphs: Glyphs, _ lasting: String?) -> [String] {
    let count = signals.unanswered > 0 ? counted(signals.unanswered, "retransmit") : nil
    let size = signals.meanRetransmit.flatMap { size in count.map { "\($0) of \(size) bytes" } }
    let silent = lasting.map { "silent \($0)" }
    let before = signals.idleBefore.map { "idle \($0.spoken(glyphs)) before" }
    let after = signals.idleBefore.map { ", idle \($0.spoken(glyphs))" } ?? ""
    func sentence(_ parts: [String?]) -> String {
      let known = parts.compactMap { $0 }
      return known.isEmpty ? "dead" : "dead: " + known.joined(separator: ", ")
    }
    let short = lasting.map { "dead \($0)" } ?? "dead"
    return [
      sentence([size ?? count, silent, before]), sentence([count, silent, before]), sentence([silent, before]),
      short + (before.map { ", \($0)" } ?? ""), short + after, short, "dead",
    ]
  }

  private func idleWords(_ glyphs: Glyphs) -> [String] {
    let start = (idle ?? signals.lasting).map { "idle \($0.spoken(glyphs))" } ?? "idle"
    switch signals.keepalive {
    case .unknown: return [start]
    case .off: return ["\(start), no keepalive", start]
    case .on(let least): return ["\(start), keepalive \(glyphs.atLeast) \(least.spoken(glyphs))", start]
    }
  }
}
