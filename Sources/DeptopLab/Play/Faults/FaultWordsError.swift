/// Why words do not say what to break: which word is wrong, how, and what is possible.
package struct FaultWordsError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The word that is wrong, or that before the place where one is missing: `upstream`, `pool.max`.
  package let place: String
  /// What is wrong with it, and what is possible.
  package let problem: String

  package var description: String { "\(place): \(problem)" }

  init(_ place: String, _ problem: String) {
    self.place = Self.shown(place)
    self.problem = problem
  }

  /// A name that nothing has.
  static func unknown(_ place: String, _ what: String, _ name: String, of possible: [String]) -> Self {
    Self(place, "no \(what) is called \(shown(name)); \(list(possible))")
  }

  /// The end of the words where one more is needed.
  static func missing(_ place: String, _ what: String, of possible: [String]) -> Self {
    Self(place, "\(what) is missing; \(list(possible))")
  }

  /// A word that is none of those that may stand there.
  static func impossible(_ place: String, _ word: String, of possible: [String]) -> Self {
    Self(place, "\(shown(word)) is not possible; \(list(possible))")
  }

  static func repeated(_ place: String, _ word: String) -> Self {
    Self(place, "\(shown(word)) stands there twice; once is possible")
  }

  private static func list(_ possible: [String]) -> String {
    possible.isEmpty ? "there are none" : "there are \(possible.joined(separator: ", "))"
  }

  /// A word from outside, fit for a sentence: without control or format characters, 60 characters at most.
  static func shown(_ word: String) -> String {
    let scalars = word.unicodeScalars.filter { $0.properties.generalCategory != .format }
    let text = LabText.cleaned(String(String.UnicodeScalarView(scalars)))
    if text.isEmpty { return "\"\"" }
    return text.count <= 60 ? text : text.prefix(59) + "…"
  }
}
