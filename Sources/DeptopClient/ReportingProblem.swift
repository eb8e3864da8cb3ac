/// Why a report was not taken, or a command not obeyed.
///
/// It is kept for the application to read and never thrown into it.
public struct ReportingProblem: Error, Sendable, Hashable, CustomStringConvertible {
  /// The kinds of problems.
  public enum Kind: Sendable, Hashable {
    /// Nobody listens on the socket, or it may not be opened.
    case unreachable
    /// The collector was too slow.
    case timedOut
    /// The answer was no HTTP, too large or cut off.
    case malformedAnswer
    /// The collector said no, with this HTTP status; 200 when it took a report but not all of it.
    case refused(status: Int)
    /// The host has no memory, threads or descriptors left.
    case exhausted
    /// The reporter was shut down meanwhile.
    case stopped
  }

  /// What kind of problem it is.
  public let kind: Kind
  /// One sentence that names the place and what was wrong.
  public let description: String
  /// When it was noticed, seconds since 1970-01-01 UTC.
  public let secondsSinceEpoch: Double
}
