internal import DeptopModel
internal import Glibc

extension ReportingProblem {
  init(_ kind: Kind, _ description: String) {
    self.kind = kind
    self.description = description
    secondsSinceEpoch = WallTime.now().secondsSinceEpoch
  }

  static var stopped: ReportingProblem { ReportingProblem(.stopped, "the reporter was shut down") }

  static func malformed(_ text: String) -> ReportingProblem { ReportingProblem(.malformedAnswer, text) }

  static func exhausted(_ text: String) -> ReportingProblem { ReportingProblem(.exhausted, text) }

  /// A system call that failed on the collector's socket.
  static func unreachable(_ call: String, _ path: String, code: Int32) -> ReportingProblem {
    let kind: Kind = code == EMFILE || code == ENFILE || code == ENOMEM ? .exhausted : .unreachable
    return ReportingProblem(kind, "cannot \(call) \(path): \(unsafe String(cString: strerror(code)))")
  }
}
