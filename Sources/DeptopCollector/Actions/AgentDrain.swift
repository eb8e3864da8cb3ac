internal import DeptopControl
internal import DeptopModel
internal import DeptopWire

/// One drain whose connections the clients are told by name, batch by batch: decisions without I/O.
///
/// What is dead goes at once. What lives goes in batches, the idle before those in use, and the next batch only when
/// the one before is gone from the kernel's table and replaced, or half of the pool is ready without that.
struct AgentDrain: Sendable {
  /// One client and what it still has to replace.
  struct Member: Sendable {
    let client: PlanClient
    /// By the cookies of the kernel's sockets.
    var pending: [String]
    let live: Int
    /// True when its calls failed as it was planned, and do so as it begins.
    let isFailing: Bool
    /// Connections of the client's process that replace nothing: those that it did not list as it began, and those that
    /// it was told to close.
    var strangers: Set<String>
    var batch: Batch?
    var failures = 0

    /// Connections of it that pace need not protect: all or none.
    var failing: Int { isFailing && !isOver ? live : 0 }
    var isOver: Bool { pending.isEmpty && batch == nil }
  }

  /// How many may be told in one turn.
  private struct Budget {
    var all: Int
    /// Of clients whose calls succeed.
    var careful: Int

    func room(for member: Member) -> Int { member.isFailing ? all : min(all, careful) }

    mutating func spend(_ count: Int, on member: Member) {
      all -= count
      if !member.isFailing { careful -= count }
    }
  }

  /// What a client was told last.
  struct Batch: Sendable {
    var number: UInt64
    var cookies: Set<String>
    /// Usable connections of the client when it was told.
    var readyBefore: Int
    /// Looks since the client said that it was done.
    var looks = 0
  }

  /// What a client is to be told.
  struct Order: Sendable, Hashable {
    var client: PlanClient
    /// The client's own ends.
    var connections: [SocketAddress]
    var cookies: Set<String>
    var ready: Int
  }

  /// What one look comes to.
  struct Turn: Sendable, Hashable {
    var orders: [Order] = []
    /// What is waited for, one sentence for each client.
    var waits: [String] = []
    /// Why it ends early.
    var stop: String?
    var isOver = false
  }

  private(set) var members: [Member]
  let targets: [PlanTarget]
  /// Those that their client could not close, and why.
  private(set) var left: [String: String] = [:]
  private var heldUp = 0
  private var first = 0

  /// - Parameters:
  ///   - plan: What is to be drained.
  ///   - view: The dependency as it begins.
  init(_ plan: Plan, _ view: AgentView) {
    let planned = Set(plan.targets.map(\.cookie))
    targets = plan.targets
    members = plan.clients.filter { $0.choosesConnections == true }.map { client in
      let own = view.connections(of: client)
      return Member(
        client: client, pending: own.map(\.cookie).filter(planned.contains), live: own.count(where: \.isUsable),
        isFailing: client.isFailing == true && view.isFailing(client),
        strangers: Set(view.unlisted(of: client).map(\.cookie)))
    }
  }

  /// True when all that is left belongs to clients whose calls fail.
  var protectsNothing: Bool { members.allSatisfy { $0.pending.isEmpty || $0.isFailing } }

  /// What may be told now, of all clients together.
  private var budget: Budget {
    let live = members.reduce(0) { $0 + $1.live }
    let all = AgentPace.share(of: live, failing: members.reduce(0) { $0 + $1.failing })
    let underway = members.reduce(0) { $0 + ($1.batch?.cookies.count ?? 0) }
    let careful = members.reduce(0) { $0 + ($1.isFailing ? 0 : $1.batch?.cookies.count ?? 0) }
    return Budget(all: max(0, all - underway), careful: max(0, AgentPace.share(of: live) - careful))
  }

  /// Connections of the plan that are gone.
  func replaced(_ view: AgentView) -> Int { targets.count { !view.has($0.cookie) } }

  /// Looks at what became of the last batches, and says what is to be told next.
  ///
  /// - Parameters:
  ///   - view: The dependency as it is read now.
  ///   - result: What a client said last of a command.
  /// - Returns: Orders of which the caller tells by ``told(_:number:)`` that they were given.
  mutating func turn(
    _ view: AgentView, _ result: (PlanClient, UInt64) -> AgentResult?
  ) -> Turn {
    var turn = Turn()
    guard view.isKnown else {
      heldUp += 1
      turn.waits = ["the kernel's table is not read now"]
      if heldUp > AgentPace.heldUpLooks { turn.stop = "the kernel's table is not read any more" }
      return turn
    }
    for index in members.indices {
      members[index].pending.removeAll { !view.has($0) }
      turn.stop = settle(index, view, result, &turn)
      if turn.stop != nil { return turn }
    }
    var budget = budget
    for offset in members.indices { order((first + offset) % members.count, view, &budget, &turn) }
    if !turn.orders.isEmpty { first = (first + 1) % members.count }
    let isWaiting = members.contains { $0.batch != nil }
    heldUp = turn.orders.isEmpty && !isWaiting ? heldUp + 1 : 0
    turn.isOver = !isWaiting && turn.orders.isEmpty && members.allSatisfy(\.pending.isEmpty)
    if heldUp > AgentPace.heldUpLooks {
      turn.stop = "what was closed is not replaced, and half of the pool has to stay"
    }
    return turn
  }

  /// Notes that an order was given; without a number the client is gone.
  mutating func told(_ order: Order, number: UInt64?) {
    guard let index = members.firstIndex(where: { $0.client == order.client }) else { return }
    members[index].pending.removeAll(where: order.cookies.contains)
    members[index].strangers.formUnion(order.cookies)
    guard let number else {
      for cookie in order.cookies { left[cookie] = "\(order.client.name) is gone" }
      return
    }
    members[index].batch = Batch(number: number, cookies: order.cookies, readyBefore: order.ready)
  }

  /// Ends a client's batch when it is gone and replaced; answers why the whole drain has to stop.
  private mutating func settle(
    _ index: Int, _ view: AgentView, _ result: (PlanClient, UInt64) -> AgentResult?, _ turn: inout Turn
  ) -> String? {
    guard var batch = members[index].batch else { return nil }
    let client = members[index].client
    let held = batch.cookies.filter(view.has)
    guard view.isThere(client) else { return abandon(index, held) }
    let said = result(client, batch.number)
    switch said?.state {
    case nil, .running:
      turn.waits.append("\(client.name) \(said?.text ?? (said == nil ? "has not answered yet" : "is at work"))")
      return nil
    case .refused: return "\(client.name) refused: \(said?.text ?? "no reason given")"
    case .failed:
      leave(held, "\(client.name) failed: \(said?.text ?? "no reason given")")
      members[index].batch = nil
      members[index].failures += 1
      return members[index].failures < AgentPace.failures
        ? nil : "\(client.name) failed \(AgentPace.failures) times: \(said?.text ?? "no reason given")"
    case .done:
      batch.looks += 1
      let isReplaced = view.ready(of: client, besides: members[index].strangers) >= batch.readyBefore
      let isOver =
        held.isEmpty && (isReplaced || members[index].pending.isEmpty || batch.looks > AgentPace.replacementLooks)
      if isOver || batch.looks > AgentPace.kernelLooks {
        leave(held, "\(client.name) says that it closed it, and the kernel still has it")
        members[index].batch = nil
      } else {
        members[index].batch = batch
        turn.waits.append(
          held.isEmpty
            ? "\(client.name) replaces what it closed" : "the kernel still has \(held.count) that \(client.name) closed"
        )
      }
      return nil
    }
  }

  private mutating func abandon(_ index: Int, _ held: Set<String>) -> String? {
    leave(held, "\(members[index].client.name) is gone")
    leave(Set(members[index].pending), "\(members[index].client.name) is gone")
    members[index].pending = []
    members[index].batch = nil
    return nil
  }

  private mutating func leave(_ cookies: Set<String>, _ reason: String) {
    for cookie in cookies { left[cookie] = reason }
  }

  private func order(_ index: Int, _ view: AgentView, _ budget: inout Budget, _ turn: inout Turn) {
    let member = members[index]
    guard member.batch == nil, !member.pending.isEmpty else { return }
    let pending = member.pending.compactMap { view[$0] }
    let dead = pending.filter { !$0.isUsable }
    let living = pending.filter(\.isUsable).sorted { $0.drainRank < $1.drainRank }
    // A connection that is open and not in the pool yet may still fail to log in: half of the pool itself has to stay,
    // where it is of use.
    let ready = view.ready(of: member.client, besides: member.isFailing ? member.strangers : nil)
    let room = budget.room(for: member)
    let size = min(room, AgentPace.batch(live: member.live, ready: ready, isFailing: member.isFailing))
    let chosen = dead + living.prefix(size)
    budget.spend(min(size, living.count), on: member)
    guard !chosen.isEmpty else {
      turn.waits.append(
        size == 0 && room > 0
          ? "\(member.client.name) has \(ready) of \(member.live) ready" : "\(member.client.name) waits for its turn")
      return
    }
    turn.orders.append(
      Order(
        client: member.client, connections: chosen.map { view.end(of: $0, by: member.client) },
        cookies: Set(chosen.map(\.cookie)),
        ready: view.ready(of: member.client, besides: member.strangers)))
  }
}

extension Connection {
  /// True when a request is on it, as far as anybody says.
  var isBusy: Bool { pool?.isActive ?? (awaitingReply != nil) }

  /// Those that nobody uses go first, and of each kind what is silent for longest: it is the least likely to be wanted
  /// now, and of what is in use the most likely to have been forgotten.
  fileprivate var drainRank: (Int, Duration, SocketAddress) { (isBusy ? 1 : 0, .zero - (idle ?? .zero), local) }
}
