internal import DeptopModel

/// What clients counted while an action ran: whether requests failed by it.
struct CallsMeanwhile: Sendable {
  private let before: CallReading?
  private let during: CallReading?

  /// - Parameters:
  ///   - old: The dependency as the action began.
  ///   - new: The dependency as it ended.
  init(from old: DependencyDetail?, to new: DependencyDetail?) {
    before = old?.dependency.calls?.value
    // Only clients that counted both times, and have not begun anew in between.
    let counted = Dictionary(
      (old?.clients ?? []).compactMap { client in client.report.totals.map { (Key(client), $0) } },
      uniquingKeysWith: { first, _ in first })
    let changes = (new?.clients ?? []).compactMap { client in
      counted[Key(client)].flatMap { client.report.totals?.subtracting($0) }
    }
    let total = changes.reduce(into: CallTotals.none) { $0.add($1) }
    during = changes.isEmpty ? nil : total.over(.seconds(1))
  }

  private struct Key: Hashable {
    let source: SourceID
    let name: String?

    init(_ client: ClientDetail) {
      source = client.source
      name = client.report.title
    }
  }

  /// One row; none when no client counted all the while.
  var comparisons: [Comparison] {
    guard let ended = during?.ended, let failed = during?.failed else { return [] }
    let expected = Double(ended) * (before?.errorRatio ?? 0)
    let more = max(0, Int((Double(failed) - expected).rounded()))
    return [
      Comparison(
        reading: "failed requests", before: before?.errorRatio?.asPercent ?? "not counted",
        after: "\(failed) of \(ended) meanwhile",
        note: before?.errorRatio == nil
          ? "counted by the clients themselves" : "\(more) above the ratio of before, by the clients' own count")
    ]
  }
}
