package import DeptopKernel
package import DeptopModel

/// Asks many names of many resolvers at the same time, on the thread that calls it.
package struct NameLookup: Sendable {
  package var search: SearchList
  /// The search lists of other namespaces.
  package var searches: [NamespaceID: SearchList] = [:]
  /// How long everything together may take.
  package var timeout: Duration
  /// Opens the sockets of other namespaces; nil when only the own one is asked from.
  package var access: (any HostAccess)?

  package init(search: SearchList, timeout: Duration) {
    self.search = search
    self.timeout = timeout
  }

  /// Blocks until every question has ended, at most for the timeout.
  ///
  /// A resolver that does not answer delays no other resolver's questions. After an interrupt, replies are
  /// missing or interrupted.
  package func replies(to questions: [NameQuestion], interrupt: Interrupt) -> [NameQuestion: NameReply] {
    let deadline = MonotonicTime.now() + timeout
    let sockets = access.map { LookupSockets(access: $0, deadline: deadline, timedOut: timeout.timedOutText) }
    guard let conversation = DNSConversation(timeout: timeout, sockets: sockets) else {
      return Dictionary(questions.map { ($0, NameReply(both: .silence("out of memory"))) }) { first, _ in first }
    }
    var run = LookupRun(
      questions: questions, inquiries: questions.map(inquiry), conversation: conversation, timeout: timeout,
      deadline: deadline, interrupt: interrupt)
    return run.replies()
  }

  private func inquiry(for question: NameQuestion) -> NameInquiry {
    let other = question.namespace == .own ? nil : searches[question.namespace]
    return NameInquiry(name: question.name, search: other ?? search)
  }
}

/// One call's questions, with how far each has come.
private struct LookupRun: ~Copyable {
  /// Names asked of one resolver at the same time: as many as a small resolver takes without dropping one.
  private static let namesAtOnce = 50

  /// A resolver as one namespace reaches it.
  private struct Place: Hashable {
    var resolver: SocketAddress
    var namespace: NamespaceID

    init(_ question: NameQuestion) {
      resolver = question.resolver
      namespace = question.namespace
    }
  }

  private let questions: [NameQuestion]
  private let conversation: DNSConversation
  private let timeout: Duration
  private let deadline: MonotonicTime
  private let interrupt: Interrupt
  private var inquiries: [NameInquiry]
  /// The questions that each resolver has still to be asked, last first.
  private var waiting: [Place: [Int]] = [:]
  private var ended: [NameQuestion: NameReply] = [:]

  init(
    questions: [NameQuestion], inquiries: [NameInquiry], conversation: consuming DNSConversation, timeout: Duration,
    deadline: MonotonicTime, interrupt: Interrupt
  ) {
    self.questions = questions
    self.conversation = conversation
    self.timeout = timeout
    self.interrupt = interrupt
    self.deadline = deadline
    self.inquiries = inquiries
    for index in questions.indices.reversed() {
      waiting[Place(questions[index]), default: []].append(index)
    }
  }

  mutating func replies() -> [NameQuestion: NameReply] {
    for (place, indices) in waiting {
      for _ in indices.prefix(LookupRun.namesAtOnce) { startNext(of: place) }
    }
    while let reply = conversation.next(until: deadline, interrupt: interrupt) {
      record(reply.reply, for: Int(reply.question) / 2, family: reply.question % 2 == 0 ? .v4 : .v6)
    }
    return ended
  }

  private mutating func startNext(of place: Place) {
    while let index = waiting[place]?.popLast() {
      if MonotonicTime.now() < deadline {
        ask(index)
        return
      }
      ended[questions[index]] = NameReply(both: .silence(timeout.timedOutText))
    }
  }

  private mutating func ask(_ index: Int) {
    let name = inquiries[index].current
    let question = questions[index]
    for (offset, family) in [AddressFamily.v4, .v6].enumerated() {
      let number = UInt32(index * 2 + offset)
      let isAsked = conversation.ask(
        number, for: name, of: question.resolver, family: family, from: question.namespace)
      if !isAsked {
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
      if !reply.isInterrupted { startNext(of: Place(questions[index])) }
    }
  }
}
