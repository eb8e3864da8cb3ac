internal import DeptopKernel
internal import DeptopModel

/// A plan whose sockets arrive in parts.
struct Announcement {
  private var plan: RepairPlan
  private let total: UInt32

  /// Begins with a part's head.
  init(_ part: PlanPart) {
    plan = RepairPlan(plan: part.plan, life: .milliseconds(Int64(part.life)), sockets: [])
    total = part.total
  }

  /// Adds a part.
  ///
  /// - Returns: the plan when it is complete, else nil.
  /// - Throws: `refused` for a part that does not follow, or a plan that is too large to be kept.
  mutating func take(_ part: PlanPart) throws(HostAccessError) -> RepairPlan? {
    guard total <= PlanLedger.mostSockets else {
      throw .refused("the plan has \(total) sockets, at most \(PlanLedger.mostSockets) are allowed")
    }
    guard part.plan == plan.plan, part.total == total, Int(part.offset) == plan.sockets.count,
      plan.sockets.count + part.sockets.count <= Int(total)
    else { throw .refused("a part of the plan does not follow the one before it") }
    plan.sockets += part.sockets
    return plan.sockets.count == Int(total) ? plan : nil
  }
}

extension Announcement? {
  /// As above; there has to be a beginning.
  mutating func take(_ part: PlanPart) throws(HostAccessError) -> RepairPlan? {
    guard var announcement = self else { throw .refused("a part of the plan has no beginning") }
    defer { self = announcement }
    return try announcement.take(part)
  }
}
