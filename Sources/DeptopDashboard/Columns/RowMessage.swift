internal import DeptopModel
internal import DeptopScreen

/// A sentence that stands in a row instead of cells that have nothing to say.
struct RowMessage {
  /// The column it starts in, or the first shown one behind it.
  var from: ColumnID
  /// The first column that it leaves alone where any of its wordings fits before it.
  var until: ColumnID = .dns
  /// The same in fewer and fewer words.
  var variants: [String]
  var role: Role
  /// True where it stands for figures that are not known, and not beside them.
  var replacesFigures = true

  /// The sentences of a row, from left to right.
  static func messages(for dependency: Dependency, now: WallTime, _ glyphs: Glyphs) -> [RowMessage] {
    if let silent = dependency.silentReporter { return [stale(silent, now)] }
    // What clients say of their calls stands beside what is said of the pool.
    let until: ColumnID = dependency.calls == nil && dependency.breakers.isEmpty ? .dns : .breaker
    if let silent = dependency.silentPoolSource { return [stale(silent, now).ending(before: until)] }
    var messages =
      dependency.pools.isEmpty
      ? [unpooled(dependency, now, glyphs).ending(before: until)] : [dead(dependency)].compactMap { $0 }
    if let last = dependency.lastTrafficAt, now - last >= .seconds(60) {
      messages.append(quiet(for: now - last))
    }
    return messages
  }

  /// For a row that keeps its place though its dependency has gone.
  static let gone = RowMessage(
    from: .kind, variants: ["no longer known to the collector", "gone"], role: .unknown)

  /// Where a few columns have to do: what hurts callers now, instead of the figures of the pool.
  static func condition(of dependency: Dependency, now: WallTime, _ glyphs: Glyphs) -> RowMessage? {
    if let standing = dependency.breakerStanding(at: now), standing.isConcerning, standing.worst.state != .disabled,
      dependency.silence(of: standing.source) == nil
    {
      return RowMessage(
        from: .connections, until: .dns, variants: standing.variants(at: now, glyphs), role: standing.role)
    }
    let role = max(dependency.level, .warning).role
    if let dead = dead(dependency) {
      return RowMessage(from: .connections, until: .dns, variants: dead.variants, role: dead.role)
    }
    if let calls = dependency.calls, dependency.silence(of: calls.source) == nil,
      let failure = calls.value.notableFailure
    {
      let text = "\(failure.cause.rawValue) \(percentText(failure.ratio))"
      return RowMessage(from: .connections, until: .dns, variants: [text], role: role)
    }
    guard let waiting = dependency.exhaustedPending, let pool = dependency.pool else { return nil }
    let use = pool.limit.map { "\(pool.active)/\($0) " } ?? ""
    return RowMessage(
      from: .connections, until: .dns, variants: ["\(use)\(waiting) wait", "\(waiting) wait"], role: role)
  }

  private func ending(before column: ColumnID) -> RowMessage {
    var message = self
    message.until = column
    return message
  }

  private static func stale(_ silent: SilentSource, _ now: WallTime) -> RowMessage {
    let start = "stale \((now - silent.since).age)"
    let reason = sanitized(silent.reason)
    let next = silent.nextAttemptAt.map { ", next try \(due($0, now))" } ?? ""
    return RowMessage(
      from: .pool,
      variants: [
        "\(start): \(silent.source.shown) does not answer (\(reason)\(next))", "\(start): \(reason)\(next)",
        "\(start): \(reason)", start,
      ],
      role: .stale)
  }

  /// Dead connections instead of the pool's bar: as many as it counts in use, they are of no use.
  private static func dead(_ dependency: Dependency) -> RowMessage? {
    guard let sockets = dependency.sockets?.value, sockets.conditions.dead > 0 else { return nil }
    let text = "\(sockets.conditions.dead) dead"
    return RowMessage(
      from: .pool, until: .connections, variants: ["\(text) of \(sockets.total)", text],
      role: max(dependency.level, .warning).role, replacesFigures: false)
  }

  private static func unpooled(_ dependency: Dependency, _ now: WallTime, _ glyphs: Glyphs) -> RowMessage {
    guard let sockets = dependency.sockets?.value else {
      let variants = dependency.origin == .reported ? ["no pool data", "no pool"] : ["no data yet", "no data"]
      return RowMessage(from: .pool, variants: variants, role: .muted)
    }
    guard sockets.total > 0 else {
      // A client that reports calls has connections, wherever they are.
      let variants = dependency.calls == nil ? ["no connections", "none"] : ["no pool data", "no pool"]
      return RowMessage(from: .pool, variants: variants, role: .muted)
    }
    let overlay = SocketOverlay(sockets, now: now, glyphs)
    if overlay.isTelling {
      let role = sockets.conditions.isTroubled ? max(dependency.level, .warning).role : Role.text
      return RowMessage(from: .pool, variants: overlay.variants, role: role)
    }
    let count = counted(sockets.total, "socket")
    guard let owner = sockets.clients.first?.owner else {
      return RowMessage(from: .pool, variants: ["\(count), no pool data", count], role: .text)
    }
    let others = sockets.clients.count > 1 ? " and \(sockets.clients.count - 1) more" : ""
    return RowMessage(
      from: .pool,
      variants: [
        "\(count) of \(owner.label)\(others), no pool data", "\(count) of \(owner.label)\(others)",
        "\(count) of \(owner.shortLabel)\(others)", "\(count) of \(owner.shortLabel)", count,
      ],
      role: .text)
  }

  private static func quiet(for silence: Duration) -> RowMessage {
    let minutes = Int(silence.seconds / 60)
    let long = minutes < 60 ? "\(minutes) min" : silence.elapsed
    return RowMessage(
      from: .requests, until: .connect,
      variants: ["no traffic for \(long)", "no traffic \(long)", "no traffic \(silence.age)"], role: .muted)
  }
}
