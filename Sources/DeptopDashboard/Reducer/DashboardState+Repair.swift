internal import DeptopModel
internal import DeptopScreen

extension DashboardState {
  /// Opens the menu of ways to repair what is selected; the way that its worst finding asks for is highlighted.
  mutating func chooseRepair(_ snapshot: Snapshot?, _ now: WallTime) {
    guard let id = focusedDependency(shown(snapshot)) else { return }
    let wanted = snapshot?.findings.lazy
      .filter { $0.dependency == id && $0.state != .pending && $0.presentAction == .repair }
      .compactMap { $0.actionLabel.flatMap(RepairMethod.init(named:)) }.first
    repairMenu = RepairMenu(dependency: id, offers: Self.repairs(of: id, snapshot), wanted: wanted)
    if repairMenu == nil { notify("repair \(id): \(Availability.noRepairs)", .problem, now) }
  }

  mutating func pressInRepairMenu(_ key: Key, _ snapshot: Snapshot?, _ now: WallTime) -> [Effect] {
    guard var menu = repairMenu else { return [] }
    switch key {
    case .up, .character("k"): menu.move(by: -1)
    case .down, .character("j"): menu.move(by: 1)
    case .home, .character("g"): menu.move(by: -menu.offers.count)
    case .end, .character("G"): menu.move(by: menu.offers.count)
    case .enter: return plan(menu, menu.chosen, snapshot, now)
    case .escape, .character("q"), .character("K"):
      repairMenu = nil
      return []
    case .character(let letter):
      let wanted = Character(letter.lowercased())
      guard let offer = menu.offers.first(where: { $0.method.menuKey == wanted }) else { return [] }
      return plan(menu, offer, snapshot, now)
    default: return []
    }
    repairMenu = menu
    return []
  }

  /// Asks for a plan; a way that cannot be used is answered with its reason, and the menu stays.
  private mutating func plan(
    _ menu: RepairMenu, _ offer: RepairOffer, _ snapshot: Snapshot?, _ now: WallTime
  ) -> [Effect] {
    let request = PlanRequest(
      verb: .repair, dependency: menu.dependency, scope: offer.method.usualScope, repair: offer.method)
    if let reason = Self.unofferedRepair(request, snapshot) {
      notify("\(offer.method.deed): \(reason)", .problem, now)
      return []
    }
    repairMenu = nil
    return plan(request, snapshot, now)
  }

  /// The ways that the live snapshot offers.
  static func repairs(of id: DependencyID, _ snapshot: Snapshot?) -> [RepairOffer] {
    guard let snapshot, let place = snapshot.place(of: id) else { return [] }
    return snapshot.dependencies[place].actions.first { $0.verb == .repair }?.repairs ?? []
  }

  /// Why the way of repair of a request cannot be used; nil when it can.
  static func unofferedRepair(_ request: PlanRequest, _ snapshot: Snapshot?) -> String? {
    guard request.verb == .repair, let method = request.repair else { return nil }
    let offers = repairs(of: request.dependency, snapshot)
    if offers.isEmpty { return Availability.noRepairs }
    guard let offer = offers.first(where: { $0.method == method }) else {
      return "\(method.rawValue) is not offered: \(offers.map(\.method.rawValue).joined(separator: ", "))"
    }
    return offer.unavailable
  }
}
