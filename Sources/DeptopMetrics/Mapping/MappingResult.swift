internal import DeptopConfiguration
package import DeptopModel

/// What a batch of points gave.
package struct MappingResult: Sendable, Hashable {
  /// One for each client and dependency that the batch was about, in the order in which they first came.
  package var observations: [ClientObservation] = []
  /// Points that count in a report.
  package var understood = 0
  /// Points of known metrics that a mapping's conditions leave out.
  package var leftOut = 0
  /// Points that had come before, or too late.
  package var duplicates = 0
  /// Points of metrics that no mapping names.
  package var notUnderstood = 0
  /// Names of such metrics, fit for a terminal, in the order in which they came; at most ``namesKept``.
  package var namesNotUnderstood: [String] = []
  /// Points of known metrics that could not be used, by the reason.
  package var rejected: [String: Int] = [:]
  /// Streams that were forgotten because there were too many.
  package var evictedStreams = 0

  /// Names of metrics that are kept to be shown.
  package static let namesKept = 20

  package init() {}

  /// Points that could not be used.
  package var rejectedCount: Int { rejected.values.reduce(0, +) }

  mutating func noteUnknown(_ name: String) {
    notUnderstood += 1
    guard namesNotUnderstood.count < MappingResult.namesKept else { return }
    let shown = DisplayText.clean(name, limit: 120)
    if !namesNotUnderstood.contains(shown) { namesNotUnderstood.append(shown) }
  }

  mutating func reject(_ reason: String, count: Int = 1) { rejected[reason, default: 0] += count }
}
