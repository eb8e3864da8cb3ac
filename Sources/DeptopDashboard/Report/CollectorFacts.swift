package import DeptopModel

/// How the collector answers this user, for `deptop doctor`.
package struct CollectorFacts: Sendable, Hashable {
  /// The path of its control socket.
  package var socketPath: String
  package var answer: Answer
  /// The version of this program.
  package var ownVersion: String

  /// What came of asking it.
  package enum Answer: Sendable, Hashable {
    /// Nobody answers, or the socket may not be connected to.
    case absent(reason: String)
    /// It answers in a way that this version does not understand.
    case unreadable(reason: String)
    /// It answers its health, and refuses to be read; the reason names the user.
    case refused(version: String, reason: String)
    /// It may be read; the reason is set where the checks of its own are not to be had.
    case readable(version: String, noChecks: String?)
  }

  package init(socketPath: String, answer: Answer, ownVersion: String) {
    self.socketPath = socketPath
    self.answer = answer
    self.ownVersion = ownVersion
  }

  package var checks: [HostCheck] {
    switch answer {
    case .absent(let reason):
      return [
        HostCheck(
          "control socket", .missing, reason,
          remedy: reason.hasSuffix("permission denied")
            ? "join the group that the socket belongs to (deptop), or run as root"
            : "start deptopd, or deptop --local for a private collector")
      ]
    case .unreadable(let reason):
      return [HostCheck("control socket", .missing, "\(socketPath): \(reason)", remedy: versionRemedy)]
    case .refused(let version, let reason):
      return [
        socket,
        HostCheck(
          "rights", .missing, reason,
          remedy: "have yourself added to the viewers or operators in deptopd's configuration"),
        skew(version),
      ]
    case .readable(let version, let problem):
      let checks = problem.map {
        HostCheck("collector's checks", .limited, "not to be had: \($0)", remedy: versionRemedy)
      }
      return [socket, HostCheck("rights", .ok, "you may read"), skew(version)] + (checks.map { [$0] } ?? [])
    }
  }

  private var socket: HostCheck { HostCheck("control socket", .ok, "\(socketPath) answers") }

  private var versionRemedy: String { "install collector and dashboard of one version, and restart deptopd" }

  private func skew(_ version: String) -> HostCheck {
    version == ownVersion
      ? HostCheck("versions", .ok, "collector and deptop are \(ownVersion)")
      : HostCheck(
        "versions", .limited, "the collector is \(version), deptop is \(ownVersion)", remedy: versionRemedy)
  }
}
