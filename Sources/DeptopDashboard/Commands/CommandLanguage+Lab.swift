internal import DeptopWire

extension CommandLanguage {
  /// What may follow `:lab`.
  static let labWords = ["next", "play", "fault"]

  /// Reads what follows `:lab`; nothing means the next scenario.
  static func labRequest(_ typed: String) throws(Problem) -> LabRequest {
    let words = typed.split(separator: " ").map(String.init)
    let first = words.first ?? "next"
    switch labWords.filter({ $0.hasPrefix(first) }) {
    case ["next"]: return .next
    case ["play"]:
      guard words.count == 2 else { throw Problem(text: "lab play ID: the name of one scenario") }
      return .play(scenario: words[1])
    case ["fault"]:
      guard words.count > 1 else { throw Problem(text: "lab fault …: what to break; deptop lab fault --help tells") }
      return .fault(words: Array(words.dropFirst()))
    default:
      throw Problem(text: "no \u{22}\(first)\u{22} in a lab: \(labWords.joined(separator: ", "))")
    }
  }
}
