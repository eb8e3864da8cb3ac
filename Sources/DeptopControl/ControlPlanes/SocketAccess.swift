internal import DeptopBlocking
internal import DeptopKernel
internal import DeptopModel

/// What becomes of one socket of a request to the privileged side.
enum SocketAnswer: Sendable, Hashable {
  /// It is about to be asked for: from here on it may have been done.
  case pending
  /// The whole request was refused, so that nothing was done.
  case notCarriedOut
  case outcome(RepairOutcome)
}

/// The privileged side as a repair uses it: on a thread of its own, some sockets at a time.
struct SocketAccess: Sendable {
  private let access: any HostAccess
  private let thread: BlockingThread

  init(_ access: any HostAccess, thread: BlockingThread) {
    self.access = access
    self.thread = thread
  }

  /// Says what a plan may do to each of its sockets; a treatment given here is that of all, else each has its own.
  func announce(
    _ plan: PlanID, _ targets: [PlanTarget], as treatment: SocketTreatment? = nil, for life: Duration
  ) async throws(ControlError) {
    let sockets = targets.compactMap { target -> RepairTarget? in
      guard let socket = target.socket, let treatment = treatment ?? target.treatment else { return nil }
      return RepairTarget(socket: socket, treatment: treatment, onlyWhileDead: target.isDead)
    }
    let announced = RepairPlan(plan: plan, life: life, sockets: sockets)
    do throws(HostAccessError) {
      try await thread.run { [access] () throws(HostAccessError) in try access.announce(announced) }
    } catch {
      throw error.control
    }
  }

  /// Carries out a step, and tells of each socket when it is asked for and as soon as its outcome is known.
  ///
  /// - Throws: When the privileged side does not answer; what is pending then has been done or not.
  func repair(
    _ step: RepairStep, _ plan: PlanID, _ cookies: [UInt64], _ take: (UInt64, SocketAnswer) -> Void
  ) async throws(ControlError) {
    var rest = cookies[...]
    while !rest.isEmpty {
      let chunk = Array(rest.prefix(SocketPace.chunk))
      rest = rest.dropFirst(chunk.count)
      let outcomes: [RepairOutcome]
      for cookie in chunk { take(cookie, .pending) }
      do throws(HostAccessError) {
        outcomes = try await thread.run { [access] () throws(HostAccessError) in
          try access.repair(step, plan: plan, cookies: chunk)
        }
      } catch {
        if case .refused = error { for cookie in chunk { take(cookie, .notCarriedOut) } }
        throw error.control
      }
      guard outcomes.count == chunk.count else {
        throw .failed("deptop-helper answered \(outcomes.count) outcomes for \(chunk.count) connections")
      }
      for (cookie, outcome) in zip(chunk, outcomes) { take(cookie, .outcome(outcome)) }
    }
  }

  /// Asks what the privileged side can do.
  func means() async -> SocketMeans {
    await thread.run { [access] in SocketAccess.means(of: access) }
  }

  /// The same without waiting.
  func askMeans(_ take: @escaping @Sendable (SocketMeans) -> Void) {
    thread.start { [access] in take(SocketAccess.means(of: access)) }
  }

  private static func means(of access: any HostAccess) -> SocketMeans {
    do throws(HostAccessError) {
      return .known(try access.abilities())
    } catch {
      return .failed(error)
    }
  }
}
