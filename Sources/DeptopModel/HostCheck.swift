/// One thing that deptop needs of its surroundings, for `deptop doctor`.
package struct HostCheck: Sendable, Hashable, Codable {
  /// What it is about, in a few words: `other namespaces`, `close connections`, `terminal`.
  package var name: String
  package var state: State
  /// What was found, as one sentence.
  package var text: String
  /// What would mend it; nil when nothing is to be mended.
  package var remedy: String?

  /// How far it goes.
  package enum State: String, Sendable, Hashable, Codable {
    case ok
    /// Something works, something does not.
    case limited
    case missing
  }

  package init(_ name: String, _ state: State, _ text: String, remedy: String? = nil) {
    self.name = name
    self.state = state
    self.text = text
    self.remedy = remedy
  }
}
