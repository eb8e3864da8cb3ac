/// The lab's ledgers, read as they are written.
struct LedgerReading: Sendable {
  private(set) var tally = LedgerTally()
  /// By the service whose ledger it is.
  private var followers: [(name: String, ledger: LedgerFollower)]
  /// Fewer requests than that say nothing about a share, in whatever time.
  private static let fewest = 4
  /// Lines are written up to 100 ms after what they tell of, and read some time later.
  private static let delay: Int64 = 300_000

  /// - Parameter paths: Where the ledger of each service lies, by its name.
  init(paths: [(name: String, path: String)]) {
    followers = paths.map { ($0.name, LedgerFollower(path: $0.path)) }
  }

  /// Reads what was added.
  mutating func read() throws(LedgerProblem) {
    for index in followers.indices {
      let news = try followers[index].ledger.news()
      for line in news { try tally.add(line, of: followers[index].name) }
    }
  }

  /// The share of failures among the requests of some clients to a dependency that ended in the latest of such a time;
  /// nil while they were too few.
  func failures(of clients: [String], to dependency: String, over window: Duration, at now: Int64) -> Double? {
    let end = now - Self.delay
    let counts = clients.compactMap { client in
      tally.counts(client: client, dependency: dependency, from: end - window.microseconds, to: end)
    }
    let (total, failed) = counts.reduce((0, 0)) { ($0.0 + $1.total, $0.1 + $1.failed) }
    return total >= Self.fewest ? Double(failed) / Double(total) : nil
  }
}
