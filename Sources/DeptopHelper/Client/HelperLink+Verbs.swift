package import DeptopKernel
package import DeptopModel
internal import Glibc

extension HelperLink {
  package func abilities() throws(HostAccessError) -> HostAbilities {
    guard case .abilities(let abilities) = try answer(to: .abilities) else { throw unexpected() }
    return abilities
  }

  package func namespaces() throws(HostAccessError) -> [NamespaceRecord] {
    var all: [NamespaceRecord] = []
    var last = NamespaceID.own
    while true {
      guard case .namespaces(let records, let more) = try answer(to: .namespaces(after: last)) else {
        throw unexpected()
      }
      all += records
      guard more else { return all }
      // Without progress this would never end.
      guard let next = records.last?.id, next > last else { throw unexpected() }
      last = next
    }
  }

  package func openSocket(_ kind: NamespaceSocket, in namespace: NamespaceID) throws(HostAccessError) -> Int32 {
    let (answer, passed) = try ask(.openSocket(kind, namespace))
    guard answer == .done, let passed else { throw unexpected() }
    return passed
  }

  package func owners(of inodes: [UInt32]) throws(HostAccessError) -> [UInt32: SocketOwner] {
    var owners: [UInt32: SocketOwner] = [:]
    var rest = inodes[...]
    while !rest.isEmpty {
      let part = Array(rest.prefix(Frame.mostInodes))
      guard case .owners(let found, let covered) = try answer(to: .owners(part)), covered > 0, covered <= part.count
      else { throw unexpected() }
      owners.merge(found) { _, new in new }
      rest = rest.dropFirst(Int(covered))
    }
    return owners
  }

  package func text(of file: ProcessFile, process: Int32) throws(HostAccessError) -> [UInt8]? {
    guard case .text(let text) = try answer(to: .text(file, process)) else { throw unexpected() }
    return text
  }

  package func settings(of namespace: NamespaceID) throws(HostAccessError) -> [KernelSetting: Int64] {
    guard case .settings(let settings) = try answer(to: .settings(namespace)) else { throw unexpected() }
    return settings
  }

  package func translations(
    of ends: [SocketEnds], in namespace: NamespaceID
  ) throws(HostAccessError) -> [SocketAddress?] {
    var translations: [SocketAddress?] = []
    for part in ends.parts(of: Frame.mostEnds) {
      guard case .translations(let found) = try answer(to: .translations(part, namespace)), found.count == part.count
      else { throw unexpected() }
      translations += found
    }
    return translations
  }

  package func announce(_ plan: RepairPlan) throws(HostAccessError) {
    // What is too large or too long is the helper's to refuse.
    let milliseconds = UInt32(clamping: Int64(clamping: plan.life))
    let total = UInt32(clamping: plan.sockets.count)
    var offset = 0
    repeat {
      let sockets = Array(plan.sockets.dropFirst(offset).prefix(Frame.mostTargets))
      let part = PlanPart(
        plan: plan.plan, life: milliseconds, total: total, offset: UInt32(clamping: offset), sockets: sockets)
      guard try answer(to: .announce(part)) == .done else { throw unexpected() }
      offset += sockets.count
    } while offset < plan.sockets.count
  }

  package func repair(
    _ step: RepairStep, plan: PlanID, cookies: [UInt64]
  ) throws(HostAccessError) -> [RepairOutcome] {
    var outcomes: [RepairOutcome] = []
    for part in cookies.parts(of: Frame.mostRepairs) {
      do {
        outcomes += try repair(step, plan, part)
      } catch {
        // What was carried out before must be told: only a request that did nothing at all fails as a whole.
        guard !outcomes.isEmpty else { throw error }
        outcomes += cookies.dropFirst(outcomes.count).map { _ in .refused(error.description) }
        break
      }
    }
    return outcomes
  }

  private func repair(
    _ step: RepairStep, _ plan: PlanID, _ cookies: [UInt64]
  ) throws(HostAccessError) -> [RepairOutcome] {
    guard case .repairs(let found) = try answer(to: .repair(step, plan, cookies: cookies)),
      found.count == cookies.count
    else { throw unexpected() }
    return found
  }

  /// The answer to a request that no socket comes back for.
  private func answer(to request: HelperRequest) throws(HostAccessError) -> HelperAnswer {
    let (answer, passed) = try ask(request)
    guard let passed else { return answer }
    close(passed)
    throw unexpected()
  }
}

extension Array {
  /// In order, each with at most so many elements.
  fileprivate func parts(of most: Int) -> [[Element]] {
    stride(from: 0, to: count, by: most).map { Array(self[$0..<Swift.min($0 + most, count)]) }
  }
}

extension Int64 {
  /// The milliseconds of a duration, rounded down; the nearest number for one that is out of range.
  fileprivate init(clamping duration: Duration) {
    let (seconds, attoseconds) = duration.components
    let (milliseconds, overflow) = seconds.multipliedReportingOverflow(by: 1000)
    self = overflow ? (seconds < 0 ? .min : .max) : milliseconds &+ attoseconds / 1_000_000_000_000_000
  }
}
