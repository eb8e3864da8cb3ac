/// A line at the bottom that takes text.
package struct Prompt: Sendable, Hashable {
  package var kind: Kind
  package var field: TextField
  /// What was in force before, to go back to on Esc.
  package var previous: String

  /// What the text is for.
  package enum Kind: Sendable, Hashable {
    case search, filter, command

    /// The sign before the text.
    package var sign: String {
      switch self {
      case .search: "/"
      case .filter: "\\"
      case .command: ":"
      }
    }
  }

  package init(_ kind: Kind, text: String = "") {
    self.kind = kind
    field = TextField(text)
    previous = text
  }
}
