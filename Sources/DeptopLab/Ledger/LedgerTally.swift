/// What happened in the lab, from its own ledgers and from nothing else.
///
/// Times are microseconds of ``LabClock``, windows are half-open and exact: an event belongs to the window in which it
/// ended. What is older than ``span`` before the newest line is forgotten, and a window that reaches back further has no
/// answer. A window in which nothing happened, or in which nothing was written yet, has none of everything.
package struct LedgerTally: Sendable {
  /// How far back it knows, microseconds: 15 minutes.
  package static let span: Int64 = 900_000_000
  /// Old lines are forgotten together, once in that time, microseconds: 10 seconds.
  private static let pause: Int64 = 10_000_000

  /// A request that has ended.
  struct Request: Sendable {
    let number: Int64
    let end: LedgerLine.End
    /// Microseconds.
    let took: Int64
    let attempts: Int
    let limit: String?
  }

  /// An attempt that has ended.
  struct Attempt: Sendable {
    let number: Int64
    let outcome: String
  }

  struct Call: Sendable, Hashable {
    let client: String
    let dependency: String

    /// nil matches everything.
    func matches(_ client: String?, _ dependency: String?) -> Bool {
      (client ?? self.client, dependency ?? self.dependency) == (self.client, self.dependency)
    }
  }

  struct Place: Sendable, Hashable {
    let upstream: String
    let address: String

    /// nil matches everything.
    func matches(_ upstream: String?, _ address: String?) -> Bool {
      (upstream ?? self.upstream, address ?? self.address) == (self.upstream, self.address)
    }
  }

  private(set) var requests: [Call: LedgerTimeline<Request>] = [:]
  /// By client.
  private(set) var attempts: [String: LedgerTimeline<Attempt>] = [:]
  /// What a request called, by client and number: an attempt's line does not say it.
  private(set) var dependencies: [String: [Int64: String]] = [:]
  /// Outcomes of the attempts that an upstream is done with.
  private(set) var served: [Place: LedgerTimeline<String>] = [:]
  /// True for a connection that opened, false for one that closed.
  private(set) var connections: [Place: LedgerTimeline<Bool>] = [:]
  /// The time of the newest line; nil before the first one.
  package private(set) var newest: Int64?
  private var tidied = Int64.min

  package init() {}

  /// Lines that are remembered: those of ``span`` and of ten seconds more, at most.
  package var remembered: Int {
    requests.values.reduce(0) { $0 + $1.count } + attempts.values.reduce(0) { $0 + $1.count }
      + served.values.reduce(0) { $0 + $1.count } + connections.values.reduce(0) { $0 + $1.count }
  }

  /// Takes a line; one that is older than what is remembered changes nothing.
  ///
  /// - Parameters:
  ///   - line: What happened.
  ///   - source: Whose ledger it is from: for an upstream's lines, the upstream's name.
  /// - Throws: ``LedgerProblem`` for an id that is none, and for an end before the beginning; nothing is changed then.
  package mutating func add(_ line: LedgerLine, of source: String) throws(LedgerProblem) {
    let time = try time(of: line, source)
    let id = try id(of: line, source)
    newest = max(newest ?? time, time)
    guard remembers(time) else { return }
    switch line {
    case .request(let line): if let id { add(line, id) }
    case .attempt(let line):
      guard let id else { break }
      attempts[id.client, default: LedgerTimeline()].add(
        Attempt(number: id.number, outcome: line.outcome), at: line.ended)
    case .served(let line):
      served[Place(upstream: source, address: line.address), default: LedgerTimeline()].add(line.outcome, at: time)
    case .connection(_, let address, _, let isOpen):
      connections[Place(upstream: source, address: address), default: LedgerTimeline()].add(isOpen, at: time)
    }
    tidy()
  }

  private mutating func add(_ line: LedgerLine.RequestLine, _ id: LedgerID) {
    let request = Request(
      number: id.number, end: line.end, took: line.ended - line.began, attempts: line.attempts,
      limit: line.limit == "-" ? nil : line.limit)
    requests[Call(client: id.client, dependency: line.dependency), default: LedgerTimeline()].add(
      request, at: line.ended)
    dependencies[id.client, default: [:]][id.number] = line.dependency
  }

  /// True when everything since that moment is still there.
  func remembers(_ time: Int64) -> Bool { newest.map { time >= $0 - Self.span } ?? true }
}

// MARK: - Reading lines

extension LedgerTally {
  /// When it ended.
  private func time(of line: LedgerLine, _ source: String) throws(LedgerProblem) -> Int64 {
    let (began, ended) =
      switch line {
      case .request(let line): (line.began, line.ended)
      case .attempt(let line): (line.began, line.ended)
      case .served(let line): (line.received, line.ended)
      case .connection(let at, _, _, _): (at, at)
      }
    guard began >= 0, began <= ended else {
      throw LedgerProblem("the ledger of \(source): \"\(LabText.cleaned(line.text))\" ends before it begins")
    }
    return ended
  }

  /// Whose request it is about; nil for an upstream's line, whose ids are not looked at.
  private func id(of line: LedgerLine, _ source: String) throws(LedgerProblem) -> LedgerID? {
    let (id, text): (LedgerID?, String)
    switch line {
    case .request(let line): (id, text) = (LedgerID(request: line.id), line.id)
    case .attempt(let line): (id, text) = (LedgerID(attempt: line.id), line.id)
    case .served, .connection: return nil
    }
    guard let id else {
      throw LedgerProblem("the ledger of \(source): \"\(LabText.cleaned(text))\" is no id of the lab")
    }
    return id
  }
}

// MARK: - Forgetting

extension LedgerTally {
  private mutating func tidy() {
    guard let newest, newest - Self.span - Self.pause >= tidied else { return }
    let limit = newest - Self.span
    tidied = limit
    for call in requests.keys {
      for request in requests[call]?.forget(before: limit) ?? [] {
        dependencies[call.client]?[request.number] = nil
      }
    }
    Self.forget(&requests, before: limit)
    Self.forget(&attempts, before: limit)
    Self.forget(&served, before: limit)
    Self.forget(&connections, before: limit)
    dependencies = dependencies.filter { !$0.value.isEmpty }
  }

  private static func forget<Key, Event>(_ timelines: inout [Key: LedgerTimeline<Event>], before limit: Int64) {
    for key in timelines.keys { _ = timelines[key]?.forget(before: limit) }
    timelines = timelines.filter { $0.value.count > 0 }
  }
}
