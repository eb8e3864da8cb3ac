internal import ArgumentParser
internal import DeptopConnection
internal import DeptopModel
internal import DeptopWire
internal import Glibc

/// What the program's exit code says.
enum ExitStatus: Int32 {
  case done = 0
  case unhealthy = 1
  case usage = 2
  case noCollector = 3
  case refused = 4
  case aborted = 5

  /// Ends a command with this status.
  var asError: ExitCode { ExitCode(rawValue) }

  /// The status of an action's end.
  init(_ outcome: Verdict.Outcome) {
    switch outcome {
    case .healed: self = .done
    case .partial, .failed, .interrupted: self = .unhealthy
    case .aborted: self = .aborted
    }
  }

  private init(_ error: CollectorError) {
    switch error {
    case .absent, .lost: self = .noCollector
    case .refused(let refusal): self.init(refusal.code)
    case .unreadable: self = .unhealthy
    }
  }

  private init(_ error: LabError) {
    switch error {
    case .absent: self = .noCollector
    case .refused: self = .refused
    case .lost, .unreadable: self = .unhealthy
    }
  }

  private init(_ code: Refusal.Code) {
    switch code {
    case .invalid, .notFound: self = .usage
    case .forbidden, .refused, .changed, .expired, .tooLarge, .tooMany: self = .refused
    case .failed: self = .unhealthy
    }
  }

  /// Says what went wrong, once, and ends the process.
  static func end(with error: any Error) -> Never {
    if let error = error as? CollectorError {
      Output.complain("deptop: \(error)")
      exit(ExitStatus(error).rawValue)
    }
    if let error = error as? LabError {
      Output.complain("deptop: \(error)")
      exit(ExitStatus(error).rawValue)
    }
    let code = Deptop.exitCode(for: error)
    if code.isSuccess || error is ExitCode { Deptop.exit(withError: error) }
    Output.complain(Deptop.fullMessage(for: error))
    exit(code == .validationFailure ? usage.rawValue : unhealthy.rawValue)
  }
}
