internal import DeptopModel

/// Asks many names of many resolvers at the same time, on the thread that calls it.
package struct NameLookup: Sendable {
  package var search: SearchList
  /// How long everything together may take.
  package var timeout: Duration

  package init(search: SearchList, timeout: Duration) {
    self.search = search
    self.timeout = timeout
  }

  /// Blocks until every question has ended, at most for the timeout.
  ///
  /// A resolver that does not answer delays no other resolver's questions. After an interrupt, replies are
  /// missing or interrupted.
  package func replies(to questions: [NameQuestion], interrupt: Interrupt) -> [NameQuestion: NameReply] {
    guard let conversation = DNSConversation(timeout: timeout) else {
      return Dictionary(questions.map { ($0, NameReply(both: .silence("out of memory"))) }) { first, _ in first }
    }
    var run = LookupRun(
      questions: questions, search: search, conversation: conversation, timeout: timeout, interrupt: interrupt)
    return run.replies()
  }
}

/// One call's questions, with how far each has come.
private struct LookupRun: ~Copyable {
  /// Names asked of one resolver at the same time: as many as a small resolver takes without dropping one.
  private static let namesAtOnce = 50

  private let questions: [NameQuestion]
  private let conversation: DNSConversation
  private let timeout: Duration
  private let deadline: MonotonicTime
  private let interrupt: Interrupt
  private var inquiries: [NameInquiry]
  /// The questions that each resolver has still to be asked, last first.
  private var waiting: [SocketAddress: [Int]] = [:]
  private var ended: [NameQuestion: NameReply] = [:]

  init(
    questions: [NameQuestion], search: SearchList, conversation: consuming DNSConversation, timeout: Duration,
    interrupt: Interrupt
  ) {
    self.questions = questions
    self.conversation = conversation
    self.timeout = timeout
    self.interrupt = interrupt
    deadline = .now() + timeout
    inquiries = questions.map { NameInquiry(name: $0.name, search: search) }
    for index in questions.indices.reversed() {
      waiting[questions[index].resolver, default: []].append(index)
    }
  }

  mutating func replies() -> [NameQuestion: NameReply] {
    for (resolver, indices) in waiting {
      for _ in indices.prefix(LookupRun.namesAtOnce) { startNext(of: resolver) }
    }
    while let reply = conversation.next(until: deadline, interrupt: interrupt) {
      record(reply.reply, for: Int(reply.question) / 2, family: reply.question % 2 == 0 ? .v4 : .v6)
    }
    return ended
  }

  private mutating func startNext(of resolver: SocketAddress) {
    while let index = waiting[resolver]?.popLast() {
      if MonotonicTime.now() < deadline {
        ask(index)
        return
      }
      ended[questions[index]] = NameReply(both: .silence(timeout.timedOutText))
    }
  }

  private mutating func ask(_ index: Int) {
    let name = inquiries[index].current
    for (offset, family) in [AddressFamily.v4, .v6].enumerated() {
      let number = UInt32(index * 2 + offset)
      if !conversation.ask(number, for: name, of: questions[index].resolver, family: family) {
        record(.silence("out of memory"), for: index, family: family)
      }
    }
  }

  private mutating func record(_ reply: FamilyReply, for index: Int, family: AddressFamily) {
    switch inquiries[index].record(reply, for: family) {
    case .wait: break
    case .ask: ask(index)
    case .end(let reply):
      ended[questions[index]] = reply
      if !reply.isInterrupted { startNext(of: questions[index].resolver) }
    }
  }
}
