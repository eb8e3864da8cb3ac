package import DeptopLab

/// The requests of a lab's client that was killed and started anew, by their numbers.
///
/// A process numbers its requests one by one, and begins with the tenths of milliseconds of the lab's clock: from these, the
/// numbers that a ledger lacks tell what was under way when the process died, and from when on there was a new one.
package struct ProcessEnd: Sendable, Hashable {
  /// Requests whose end no ledger has, and that no upstream had answered.
  package var lost = 0
  /// Those of them that an upstream was at work on: their connection was alive.
  package var lostAtWork = 0
  /// The last sign of the old process; microseconds.
  package var ended: Int64
  /// The start of the new one; nil while it has not shown itself.
  package var began: Int64?

  /// Two numbers of one process are not further apart.
  private static let widestGap: Int64 = 500

  /// - Parameters:
  ///   - ledger: The client's.
  ///   - served: What upstreams wrote of its attempts.
  ///   - action: When the process was to be killed, microseconds.
  package init(ledger: [LedgerLine], served: [LedgerLine.ServedLine], action: Int64) {
    var ended: Set<Int64> = []
    var seen: Set<Int64> = []
    var last = action
    for line in ledger {
      guard let (number, end, isRequest) = Self.ending(line), number < action / 100 else { continue }
      seen.insert(number)
      if isRequest { ended.insert(number) }
      last = max(last, end)
    }
    var work: [Int64: [LedgerLine.ServedLine]] = [:]
    for line in served {
      guard let number = RequestNumber.attempt(line.id), number < action / 100 else { continue }
      seen.insert(number)
      work[number, default: []].append(line)
      last = max(last, line.received)
    }
    self.ended = last
    began = ledger.compactMap { Self.ending($0)?.number }.filter { $0 >= action / 100 }.min().map { ($0 - 1) * 100 }
    for number in Self.latest(seen) where !ended.contains(number) {
      let lines = work[number] ?? []
      let isAbandoned = lines.contains { $0.outcome == "abandoned" }
      guard lines.isEmpty || isAbandoned else { continue }
      lost += 1
      if isAbandoned { lostAtWork += 1 }
    }
  }

  /// Seconds in which there was no process at all.
  package var gap: Double { began.map { max(0, Double($0 - ended) / 1_000_000) } ?? 0 }

  /// All numbers, seen or not, of the process that wrote the highest.
  private static func latest(_ seen: Set<Int64>) -> ClosedRange<Int64> {
    let descending = seen.sorted(by: >)
    guard let highest = descending.first else { return 0...0 }
    var lowest = highest
    for number in descending {
      guard lowest - number <= widestGap else { break }
      lowest = number
    }
    return lowest...highest
  }

  private static func ending(_ line: LedgerLine) -> (number: Int64, end: Int64, isRequest: Bool)? {
    switch line {
    case .request(let line): RequestNumber.request(line.id).map { ($0, line.ended, true) }
    case .attempt(let line): RequestNumber.attempt(line.id).map { ($0, line.ended, false) }
    case .served, .connection: nil
    }
  }
}

/// The number in an id of the lab: `CLIENT-NUMBER`, or `CLIENT-NUMBER.ATTEMPT`.
enum RequestNumber {
  static func request(_ id: some StringProtocol) -> Int64? {
    id.lastIndex(of: "-").flatMap { Int64(id[id.index(after: $0)...]) }
  }

  static func attempt(_ id: some StringProtocol) -> Int64? {
    id.lastIndex(of: ".").flatMap { request(id[..<$0]) }
  }
}
