internal import DeptopModel
internal import DeptopScreen

extension OverviewColumn {
  /// How much of the pool is in use, as a bar.
  static let poolBar = OverviewColumn(
    .pool, title: "POOL", width: 6...10, weight: 1, priority: 45
  ) { context, width in
    guard let pool = context.dependency.pool else { return context.missing }
    let role: Role = pool.isAwaited ? context.dependency.level.role : .barFilled
    return CellText(Bar(ratio: pool.usage, width: width).text(context.glyphs), role)
  }

  /// Active, idle and most connections, each at its own place.
  static let poolCounts = OverviewColumn(
    .connections, title: "ACT/IDLE/MAX", width: 12...12, alignment: .right, priority: 80
  ) { context, _ in
    guard let pool = context.dependency.pool else { return context.missing }
    let parts = [pool.active, pool.idle, pool.limit].map { count in
      padded(count.map { "\($0)" } ?? String(context.glyphs.missing), to: 3, alignment: .right)
    }
    return CellText(parts.joined(separator: "/"), poolRole(context, pool))
  }

  /// Active and most connections, for few columns.
  static let poolUse = OverviewColumn(
    .connections, key: "use", title: "USE", width: 6...7, alignment: .right, priority: 80
  ) { context, _ in
    guard let pool = context.dependency.pool else { return context.missing }
    let limit = pool.limit.map { "\($0)" } ?? String(context.glyphs.missing)
    return CellText("\(pool.active)/\(padded(limit, to: 3, alignment: .right))", poolRole(context, pool))
  }

  private static func poolRole(_ context: CellContext, _ pool: PoolTotals) -> Role {
    guard let limit = pool.limit, limit > 0, pool.active >= limit else { return .text }
    return max(context.dependency.level, .warning).role
  }
}
