package import DeptopKernel
package import DeptopModel
internal import Synchronization

extension LocalHost {
  package func announce(_ plan: RepairPlan) throws(HostAccessError) {
    let time = now()
    try state.withLock { state throws(HostAccessError) in try state.plans.announce(plan, at: time) }
  }

  package func repair(
    _ step: RepairStep, plan: PlanID, cookies: [UInt64]
  ) throws(HostAccessError) -> [RepairOutcome] {
    if let objection = step.objection { throw .refused(objection) }
    let time = now()
    try state.withLock { state throws(HostAccessError) in try state.plans.check(plan, at: time) }
    let end = time + Self.searchTime
    var round = RepairRound(host: self) { [now] in now() < end }
    return cookies.map { carryOut(step, plan: plan, cookie: $0, &round) }
  }

  private func carryOut(
    _ step: RepairStep, plan: PlanID, cookie: UInt64, _ round: inout RepairRound
  ) -> RepairOutcome {
    guard round.mayGoOn() else {
      log(RepairLine.text(step, plan, cookie, ends: nil, RepairRound.tooLate))
      return RepairRound.tooLate
    }
    let time = now()
    let taken = state.withLock { $0.plans.take(step, plan: plan, cookie: cookie, at: time) }
    switch taken {
    case .failure(let objection):
      let outcome = RepairOutcome.refused(objection.reason)
      log(RepairLine.text(step, plan, cookie, ends: nil, outcome))
      return outcome
    case .success(let target):
      let outcome = round.carryOut(step, on: target)
      if case .done = outcome {
      } else {
        state.withLock { $0.plans.giveBack(step, plan: plan, cookie: cookie) }
      }
      log(RepairLine.text(step, plan, cookie, ends: target.socket, outcome))
      return outcome
    }
  }
}

/// What is logged of one repair.
enum RepairLine {
  static func text(
    _ step: RepairStep, _ plan: PlanID, _ cookie: UInt64, ends socket: SocketIdentity?, _ outcome: RepairOutcome
  ) -> String {
    let place = socket.map { "\($0.namespace) \($0.local) -> \($0.remote) pid=\($0.pid)" } ?? "-"
    return "repair plan=\(plan) step=\(step.words) cookie=\(String(cookie, radix: 16)) \(place): \(outcome.words)"
  }
}

extension RepairStep {
  fileprivate var words: String {
    switch self {
    case .destroy: "destroy"
    case .keepalive(let idle, let interval, let probes): "keepalive(\(idle)s,\(interval)s,\(probes))"
    case .userTimeout(let milliseconds): "user-timeout(\(milliseconds)ms)"
    case .discoveryOff: "discovery-off"
    }
  }
}

extension RepairOutcome {
  fileprivate var words: String {
    switch self {
    case .done(let before): "done, before \(before)"
    case .gone: "gone"
    case .refused(let reason): "refused, \(reason)"
    }
  }
}
