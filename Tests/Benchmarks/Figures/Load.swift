internal import DeptopLab

/// How often an upstream was connected to, and asked.
struct Load {
  /// Microseconds, ascending.
  private(set) var connections: [Int64] = []
  private(set) var requests: [Int64] = []

  init(_ ledger: [LedgerLine]) {
    for line in ledger {
      switch line {
      case .connection(let at, _, _, isOpen: true): connections.append(at)
      case .served(let line): requests.append(line.received)
      case .connection, .request, .attempt: break
      }
    }
    connections.sort()
    requests.sort()
  }

  init(requests: [Int64]) {
    self.requests = requests.sorted()
  }

  /// Events a second.
  func rate(of times: KeyPath<Load, [Int64]>, _ span: Range<Int64>) -> Double? {
    guard !span.isEmpty else { return nil }
    return Double(self[keyPath: times].count { span.contains($0) }) * 1_000_000 / Double(span.count)
  }

  /// The most in any second.
  func peak(of times: KeyPath<Load, [Int64]>, _ span: Range<Int64>) -> Double? {
    let events = self[keyPath: times].filter { span.contains($0) }
    var (first, most) = (0, 0)
    for (index, time) in events.enumerated() {
      while events[first] <= time - 1_000_000 { first += 1 }
      most = max(most, index - first + 1)
    }
    return Double(most)
  }
}
