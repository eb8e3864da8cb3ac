internal import DeptopKernel
internal import DeptopModel

/// What the announced plans may still do.
struct PlanLedger {
  static let mostPlans = 64
  static let mostSockets = 10_000
  static let longestLife = Duration.seconds(600)
  /// Bytes of a plan's id.
  static let longestID = 128

  /// The kinds of steps, which are counted for each socket.
  enum Kind: Hashable {
    case destroy, keepalive, userTimeout, discoveryOff

    /// How often one socket may have it: the user timeout is set and restored; keepalive is set to find out, set for
    /// the living, and restored.
    var most: Int {
      switch self {
      case .keepalive: 3
      case .userTimeout: 2
      case .destroy, .discoveryOff: 1
      }
    }
  }

  private struct Entry {
    var end: ContinuousClock.Instant
    var targets: [UInt64: RepairTarget]
    var used: [UInt64: [Kind: Int]] = [:]
  }

  private var plans: [PlanID: Entry] = [:]

  /// Takes a plan.
  ///
  /// - Throws: `refused` for one that is known already, over a limit, or with a socket that no cookie names.
  mutating func announce(_ plan: RepairPlan, at now: ContinuousClock.Instant) throws(HostAccessError) {
    plans = plans.filter { $0.value.end > now }
    if let objection = objection(to: plan) { throw .refused(objection) }
    var targets: [UInt64: RepairTarget] = [:]
    for target in plan.sockets {
      guard Self.isCookie(target.socket.cookie) else {
        throw .refused("the plan \(plan.plan) has a socket without a cookie")
      }
      guard targets.updateValue(target, forKey: target.socket.cookie) == nil else {
        throw .refused("the plan \(plan.plan) has the socket \(String(target.socket.cookie, radix: 16)) twice")
      }
    }
    plans[plan.plan] = Entry(end: now + plan.life, targets: targets)
  }

  /// 0 is no socket's cookie, and all ones are the kernel's word for any (`INET_DIAG_NOCOOKIE` of `linux/inet_diag.h`).
  private static func isCookie(_ cookie: UInt64) -> Bool { cookie != 0 && cookie != .max }

  private func objection(to plan: RepairPlan) -> String? {
    let id = plan.plan.rawValue.utf8
    // The id goes into the log, where a blank or a newline would fake another line.
    if id.isEmpty || id.count > Self.longestID || !id.allSatisfy({ $0 > 0x20 && $0 < 0x7f }) {
      return "a plan's id has 1 to \(Self.longestID) printable ASCII characters and no blank"
    }
    if plans[plan.plan] != nil { return "the plan \(plan.plan) is announced already" }
    if plans.count >= Self.mostPlans { return "\(Self.mostPlans) plans are announced, which is the most" }
    if plan.sockets.count > Self.mostSockets {
      return "the plan \(plan.plan) has \(plan.sockets.count) sockets, at most \(Self.mostSockets) are allowed"
    }
    if plan.life <= .zero || plan.life > Self.longestLife {
      return "the plan \(plan.plan) lives for \(plan.life), at most \(Self.longestLife) are allowed"
    }
    return nil
  }

  /// - Throws: `refused` when the plan may do nothing at all.
  func check(_ plan: PlanID, at now: ContinuousClock.Instant) throws(HostAccessError) {
    guard let entry = plans[plan] else { throw .refused("the plan is not announced") }
    guard entry.end > now else { throw .refused("the plan \(plan) is over") }
  }

  /// Takes one use of a step on a socket.
  ///
  /// - Returns: the socket, or one sentence that says why it is left alone.
  mutating func take(
    _ step: RepairStep, plan: PlanID, cookie: UInt64, at now: ContinuousClock.Instant
  ) -> Result<RepairTarget, PlanObjection> {
    guard let entry = plans[plan], entry.end > now else { return .failure(PlanObjection("the plan is over")) }
    guard let target = entry.targets[cookie] else {
      return .failure(PlanObjection("the socket \(String(cookie, radix: 16)) is not in the plan"))
    }
    guard step.fits(target.treatment) else {
      return .failure(PlanObjection("the plan does not have this step for it, but \(target.treatment.rawValue)"))
    }
    let used = entry.used[cookie]?[step.kind] ?? 0
    guard used < step.kind.most else { return .failure(PlanObjection("this step was carried out already")) }
    plans[plan]?.used[cookie, default: [:]][step.kind] = used + 1
    return .success(target)
  }

  /// Gives back a use of a step that was not carried out.
  mutating func giveBack(_ step: RepairStep, plan: PlanID, cookie: UInt64) {
    plans[plan]?.used[cookie]?[step.kind, default: 1] -= 1
  }
}

/// Why a plan does not allow a step on a socket.
struct PlanObjection: Error, Hashable {
  let reason: String

  init(_ reason: String) {
    self.reason = reason
  }
}
