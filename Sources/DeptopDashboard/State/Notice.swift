package import DeptopModel

/// One line that answers a key press or reports an event, shown for a while instead of the key bar.
package struct Notice: Sendable, Hashable {
  package var text: String
  package var kind: Kind
  package var until: WallTime

  /// How a notice is painted.
  package enum Kind: Sendable, Hashable {
    case done, problem
  }

  /// How long a notice stays.
  static let lifetime = Duration.seconds(6)
}
