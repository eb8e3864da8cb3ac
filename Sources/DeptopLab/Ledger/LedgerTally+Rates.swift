/// How often something happened.
extension LedgerTally {
  /// What is counted; nil means each client, all it calls, each upstream, all its addresses.
  package enum Stream: Sendable, Hashable {
    /// Requests that ended.
    case requests(client: String?, dependency: String?)
    /// Attempts that ended for their client; see ``attempts(client:dependency:from:to:)``.
    case attempts(client: String?, dependency: String?)
    /// Attempts that an upstream was done with.
    case served(upstream: String?, address: String?)
    /// Connections that an upstream saw opening.
    case connections(upstream: String?, address: String?)
  }

  /// How many there were in [from, to); nil when a part of it is forgotten, or when it ends before it begins.
  package func count(of stream: Stream, from: Int64, to: Int64) -> Int? {
    times(of: stream, from: from, to: to)?.count
  }

  /// How many there were for each second of [from, to); nil as for ``count(of:from:to:)``, and for an empty window.
  package func rate(of stream: Stream, from: Int64, to: Int64) -> Double? {
    guard from < to, let count = count(of: stream, from: from, to: to) else { return nil }
    return Double(count) * 1_000_000 / (Double(to) - Double(from))
  }

  /// The highest rate a second over a shorter window, wherever in [from, to) it lies.
  ///
  /// - Parameters:
  ///   - stream: What is counted.
  ///   - seconds: The length of the shorter window; it is rounded to microseconds.
  ///   - from: The first microsecond of the longer window.
  ///   - to: The first one after it.
  /// - Returns: nil as for ``rate(of:from:to:)``, and when the shorter window is empty or does not fit.
  package func highestRate(of stream: Stream, over seconds: Double, from: Int64, to: Int64) -> Double? {
    guard let length = Self.microseconds(seconds), length > 0, Double(to) - Double(from) >= Double(length),
      let times = times(of: stream, from: from, to: to)?.sorted()
    else { return nil }
    var (first, most) = (0, 0)
    for (index, time) in times.enumerated() {
      while times[first] <= time - length { first += 1 }
      most = max(most, index - first + 1)
    }
    return Double(most) * 1_000_000 / Double(length)
  }

  /// In no order.
  private func times(of stream: Stream, from: Int64, to: Int64) -> [Int64]? {
    guard knows(from: from, to: to) else { return nil }
    return switch stream {
    case .requests(let client, let dependency):
      requests.filter { $0.key.matches(client, dependency) }.flatMap { $0.value.window(from: from, to: to).map(\.at) }
    case .attempts(let client, let dependency):
      endedAttempts(client: client, dependency: dependency, from: from, to: to).map(\.at)
    case .served(let upstream, let address): Self.entries(of: served, upstream, address, from, to).map(\.at)
    case .connections(let upstream, let address):
      Self.entries(of: connections, upstream, address, from, to).filter(\.event).map(\.at)
    }
  }
}
