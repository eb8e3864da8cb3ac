internal import DeptopModel

/// Whether something goes on: it begins when it was so in 3 of the last 5 windows, and ends when it was in none.
struct Persistence: Sendable, Hashable {
  static let window = 5
  static let needed = 3

  private var recent: [WallTime?] = []
  /// The first of the windows that it began with; nil while it does not go on.
  private(set) var since: WallTime?

  /// True when it was so in enough of the last windows, that it would begin now.
  var isHeld: Bool { recent.count { $0 != nil } >= Persistence.needed }

  /// Takes the next window.
  mutating func record(_ holds: Bool, at now: WallTime) {
    recent.append(holds ? now : nil)
    if recent.count > Persistence.window { recent.removeFirst() }
    let held = recent.compactMap(\.self)
    if held.isEmpty {
      since = nil
    } else if since == nil, held.count >= Persistence.needed {
      since = held.first
    }
  }
}
