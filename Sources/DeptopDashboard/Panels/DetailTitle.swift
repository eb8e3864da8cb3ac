internal import DeptopModel
internal import DeptopScreen

/// The name of a dependency with how it is, and what its clients are configured to do.
struct DetailTitle {
  private let dependency: Dependency
  private let sheet: DetailSheet

  init(_ sheet: DetailSheet) {
    self.sheet = sheet
    dependency = sheet.dependency
  }

  /// One line, or up to three where the policy has no room beside the name.
  func lines(columns: Int) -> [StyledLine] {
    var first = name
    guard let policy = PolicyLine.text(dependency.policy, sheet.glyphs) else { return [first] }
    guard first.width + columnWidth(of: policy) + 3 <= columns else {
      let texts = wrapped(policy, to: max(1, columns - 4), indent: 2).prefix(2)
      return [first] + texts.map { StyledLine("   " + $0, .muted) }
    }
    first.trailing = [.init(policy + " ", .muted)]
    return [first]
  }

  private var name: StyledLine {
    let scene = sheet.scene
    var line = StyledLine(" \(dependency.level.mark(scene.glyphs)) ", dependency.level.role)
    line.append(dependency.id.shown, .title)
    line.append("  \(dependency.level.word)", dependency.level.role)
    if let kind = dependency.kind { line.append("  \(kind.shown)", .muted) }
    if let endpoint = dependency.endpoint { line.append("  \(endpoint)", .accent) }
    if let origin { line.append("  \(origin)", .muted) }
    let unverified = sheet.detail?.clients.count { !$0.client.isVerified } ?? 0
    if unverified > 0 { line.append("  \(counted(unverified, "client")) unverified", .warning) }
    if let last = dependency.lastTrafficAt, scene.now - last >= .seconds(60) {
      line.append("  no traffic for \((scene.now - last).elapsed)", .muted)
    }
    return line
  }

  private var origin: String? {
    switch dependency.origin {
    case .configured: nil
    case .discovered: "discovered, not configured"
    case .reported: "reported by a client, not configured"
    }
  }
}
