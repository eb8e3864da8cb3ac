internal import DeptopModel
internal import DeptopWire
internal import FoundationEssentials

/// The lines of `/v1/stream`: a full snapshot, then the difference to what this reader was sent last.
///
/// The next line is made only when the reader has taken the one before, of the newest snapshot there is then: a slow
/// reader gets the latest state and costs no queue.
struct SnapshotLines: AsyncSequence, Sendable {
  typealias Element = Data

  private let snapshots: AsyncStream<Snapshot>
  private let options: StreamOptions

  init(_ snapshots: AsyncStream<Snapshot>, _ options: StreamOptions) {
    self.snapshots = snapshots
    self.options = options
  }

  func makeAsyncIterator() -> Iterator {
    Iterator(snapshots: snapshots.makeAsyncIterator(), options: options)
  }

  struct Iterator: AsyncIteratorProtocol {
    fileprivate var snapshots: AsyncStream<Snapshot>.Iterator
    fileprivate let options: StreamOptions
    private var sent: Snapshot?
    private var sentAt: ContinuousClock.Instant?

    fileprivate init(snapshots: AsyncStream<Snapshot>.Iterator, options: StreamOptions) {
      self.snapshots = snapshots
      self.options = options
    }

    mutating func next(isolation actor: isolated (any Swift.Actor)? = #isolation) async throws -> Data? {
      if let sentAt, options.interval > .zero {
        try await ContinuousClock().sleep(until: sentAt + options.interval)
      }
      guard let newest = await snapshots.next(isolation: actor) else { return nil }
      let snapshot = options.selected(from: newest)
      let line = sent.map { StreamLine.delta(SnapshotDelta(from: $0, to: snapshot)) } ?? .full(snapshot)
      sent = snapshot
      sentAt = .now
      return try WireCoding().encodeLine(line)
    }
  }
}

/// The lines of an action's stream: its state at each change, until its verdict.
struct ActionLines: AsyncSequence, Sendable {
  typealias Element = Data

  private let changes: AsyncStream<[ActionStatus]>
  private let id: ActionID
  private let first: ActionStatus

  init(_ changes: AsyncStream<[ActionStatus]>, of id: ActionID, startingWith first: ActionStatus) {
    self.changes = changes
    self.id = id
    self.first = first
  }

  func makeAsyncIterator() -> Iterator {
    Iterator(changes: changes.makeAsyncIterator(), id: id, pending: first)
  }

  struct Iterator: AsyncIteratorProtocol {
    fileprivate var changes: AsyncStream<[ActionStatus]>.Iterator
    fileprivate let id: ActionID
    fileprivate var pending: ActionStatus?
    private var sent: ActionStatus?

    fileprivate init(changes: AsyncStream<[ActionStatus]>.Iterator, id: ActionID, pending: ActionStatus) {
      self.changes = changes
      self.id = id
      self.pending = pending
    }

    mutating func next(isolation actor: isolated (any Swift.Actor)? = #isolation) async throws -> Data? {
      if let sent, sent.verdict != nil { return nil }
      while pending == nil || pending == sent {
        // One that is no longer listed never began, or was forgotten.
        guard let actions = await changes.next(isolation: actor), let found = actions.first(where: { $0.id == id })
        else { return nil }
        pending = found
      }
      sent = pending
      pending = nil
      return try sent.map { try WireCoding().encodeLine($0) }
    }
  }
}
