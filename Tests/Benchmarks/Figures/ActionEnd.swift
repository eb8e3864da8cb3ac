/// How a command of deptop ended, by its exit status.
package enum ActionEnd: String, Sendable, Hashable, Encodable, CaseIterable {
  case healed
  case notHealed = "not healed"
  case refused
  case aborted
  /// It did not come to act: wrong words, or nobody to ask.
  case failed

  /// - Parameter exitStatus: The program's.
  package init(exitStatus: Int32) {
    self =
      switch exitStatus {
      case 0: .healed
      case 1: .notHealed
      case 4: .refused
      case 5: .aborted
      default: .failed
      }
  }
}
