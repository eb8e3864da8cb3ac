internal import Glibc

/// Why the ground that the lab stands on could not be laid or changed.
package enum GroundError: Error, Sendable, Hashable, CustomStringConvertible {
  /// A program is not installed; the Debian package that has it.
  case missingProgram(String, package: String)
  /// A program ended with a status other than 0, and what it printed.
  case program(String, status: Int32, output: String)
  /// The system refused, with its `errno`.
  case system(String, code: Int32)
  /// A role ended, or did not serve in time.
  case role(String)

  package var description: String {
    switch self {
    case .missingProgram(let name, let package): "\(name) is not installed; the package \(package) has it"
    case .program(let line, let status, let output):
      "\(line) failed with status \(status)\(output.isEmpty ? "" : ": \(LabText.cleaned(output))")"
    case .system(let what, let code): "\(what): \(LabText.system(code))"
    case .role(let what): what
    }
  }
}

/// Texts that come from the system or from other programs, for people to read.
enum LabText {
  /// The system's words for an `errno`.
  static func system(_ code: Int32) -> String {
    unsafe strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
  }

  /// On one line, without control characters, 400 characters at most.
  static func cleaned(_ text: String) -> String {
    let printable = text.unicodeScalars.map { $0.properties.generalCategory == .control ? " " : Character($0) }
    let words = String(printable).split(separator: " ").joined(separator: " ")
    return words.count <= 400 ? words : words.prefix(399) + "…"
  }
}
