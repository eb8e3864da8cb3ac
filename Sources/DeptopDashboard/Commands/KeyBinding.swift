package import DeptopModel
package import DeptopScreen

/// Which keys ask for a command, and everything that is said about it.
package struct KeyBinding: Sendable {
  package var keys: [Key]
  package var command: Command
  package var group: Group
  /// One line for the help.
  package var description: String
  /// Its word in the key bar; nil when it has no place there.
  package var hint: String?
  /// Why the command does nothing now; nil when it does something.
  package var unavailable: @Sendable (DashboardState, Snapshot?, WallTime) -> String?
  /// True for a key that means nothing, and is not shown, while no lab plays.
  package var needsLab: Bool

  /// Where the help lists it.
  package enum Group: String, Sendable, Hashable, CaseIterable {
    case move, screens, find, act, display, program
  }

  package init(
    _ keys: [Key], _ command: Command, _ group: Group, _ description: String, hint: String? = nil,
    needsLab: Bool = false,
    unavailable: @escaping @Sendable (DashboardState, Snapshot?, WallTime) -> String? = { _, _, _ in nil }
  ) {
    self.keys = keys
    self.command = command
    self.group = group
    self.description = description
    self.hint = hint
    self.needsLab = needsLab
    self.unavailable = unavailable
  }
}

/// The one table of keys: the handler, the help, the key bar and the documentation are made from it.
package struct KeyBindings: Sendable {
  package let bindings: [KeyBinding]
  private let byKey: [Key: Int]

  package init(_ bindings: [KeyBinding]) {
    self.bindings = bindings
    let entries = bindings.enumerated().flatMap { index, binding in binding.keys.map { ($0, index) } }
    byKey = Dictionary(entries, uniquingKeysWith: { first, _ in first })
  }

  /// The binding of a key; nil for a key that means nothing.
  package func binding(for key: Key) -> KeyBinding? { byKey[key].map { bindings[$0] } }

  package func binding(of command: Command) -> KeyBinding? { bindings.first { $0.command == command } }

  /// Keys that more than one command claims; only the first of them gets them.
  package var duplicates: [Key] {
    var seen: Set<Key> = []
    return bindings.flatMap(\.keys).filter { !seen.insert($0).inserted }
  }
}
