internal import DeptopModel

/// What clients of this host have reported so far: columns that nobody ever filled take no room.
///
/// It only grows while the dashboard runs, so that no column goes when a client is silent for a while.
struct ReportedColumns: OptionSet, Sendable, Hashable {
  let rawValue: UInt8

  static let calls = ReportedColumns(rawValue: 1)
  static let breakers = ReportedColumns(rawValue: 2)

  init(rawValue: UInt8) { self.rawValue = rawValue }

  /// What is in a snapshot's dependencies.
  init(_ dependencies: [Dependency]) {
    self = []
    // By index: to take a dependency out of the array would copy all of it.
    for index in dependencies.indices {
      if dependencies[index].calls != nil { insert(.calls) }
      if !dependencies[index].breakers.isEmpty { insert(.breakers) }
    }
  }
}
