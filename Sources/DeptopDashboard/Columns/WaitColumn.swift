internal import DeptopModel
internal import DeptopScreen

extension OverviewColumn {
  /// How long the first caller in the queue has waited; the sign says that callers wait now.
  static let wait = waiting(title: "WAIT", width: 6...11)
  /// The 99th percentile of the wait where it is reported, else as ``wait``.
  static let slowWait = waiting(title: "WAIT p99", width: 8...11)

  private static func waiting(title: String, width: ClosedRange<Int>) -> OverviewColumn {
    OverviewColumn(.wait, title: title, width: width, alignment: .right, priority: 77) { context, width in
      let dependency = context.dependency
      let time = time(context, dependency)
      let role = max(dependency.level, .warning).role
      let isAwaited = dependency.pool?.isAwaited ?? false
      if let waiting = dependency.exhaustedPending ?? (isAwaited && time == nil ? dependency.pool?.pending : nil) {
        let words = "\(countText(UInt64(waiting))) wait"
        let all = time.map { "\($0) \(words)" } ?? words
        return CellText(columnWidth(of: all) <= width ? all : words, role)
      }
      guard let time else { return dependency.silence(of: dependency.calls?.source) == nil ? context.missing : stale }
      return isAwaited ? CellText("\(time) \(context.glyphs.marks.warning)", role) : CellText("\(time)  ")
    }
  }

  private static let stale = CellText("stale", .stale)

  private static func time(_ context: CellContext, _ dependency: Dependency) -> String? {
    if let calls = dependency.calls, dependency.silence(of: calls.source) == nil, let wait = calls.value.waitTime {
      return wait.p99.text(isBucketed: wait.isBucketed, context.glyphs)
    }
    return dependency.longestWait?.text(context.glyphs)
  }
}
