internal import DeptopModel
internal import DeptopPgBouncer

extension DNSHostRow {
  /// What is wrong with the entry for a plan that expects new connections elsewhere; nil when nothing is.
  ///
  /// A remembered failure is wrong for every plan: no connection can be opened while it lasts.
  func objection(to plan: Plan) -> String? {
    let expected = Set(plan.destinations.map(\.address))
    guard expected.isEmpty, plan.request.verb == .drain else { return objection(current: expected) }
    let stale = Set(plan.targets.filter(\.isStale).map(\.remote.address))
    return objection(old: addresses.filter(stale.contains))
  }

  /// What is wrong with the entry, given the addresses that are in the answers now.
  ///
  /// Where those are not known no address can be called old.
  func objection(current: Set<IPAddress>?) -> String? {
    objection(old: current.map { current in addresses.filter { !current.contains($0) } } ?? [])
  }

  private func objection(old: [IPAddress]) -> String? {
    guard addresses.isEmpty || !old.isEmpty else { return nil }
    let content = addresses.isEmpty ? "a failure" : old.map(\.description).joined(separator: ", ")
    return "PgBouncer's DNS cache holds \(content) for \(name)"
  }
}
