/// Why a lab did not do what was asked.
package enum LabError: Error, Hashable, CustomStringConvertible {
  /// Nobody listens.
  case absent(String)
  /// The connection ended too early.
  case lost(String)
  /// An answer that this version does not understand.
  case unreadable(String)
  /// The lab understood, and refused.
  case refused(String)

  package var description: String {
    switch self {
    case .absent(let text), .lost(let text), .unreadable(let text), .refused(let text): text
    }
  }
}
