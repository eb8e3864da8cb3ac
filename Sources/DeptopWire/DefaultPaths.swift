/// Where a collector and its dashboards meet when nobody says otherwise.
package struct DefaultPaths: Sendable, Hashable {
  package let controlSocket: String
  package let ingestSocket: String
  package let stateDirectory: String

  /// The system's places for root, else the user's own.
  ///
  /// - Parameters:
  ///   - userID: The effective user.
  ///   - environment: Answers an environment variable; `XDG_RUNTIME_DIR`, `XDG_STATE_HOME` and `HOME` are read.
  package init(userID: UInt32, environment: (String) -> String?) {
    guard userID != 0 else {
      controlSocket = "/run/deptop/control.sock"
      ingestSocket = "/run/deptop/ingest.sock"
      stateDirectory = "/var/lib/deptop"
      return
    }
    // A variable that is empty counts as not set (XDG Base Directory Specification).
    func variable(_ name: String) -> String? { environment(name).flatMap { $0.isEmpty ? nil : $0 } }
    let runtime = variable("XDG_RUNTIME_DIR").map { $0 + "/deptop" } ?? "/tmp/deptop-\(userID)"
    controlSocket = runtime + "/control.sock"
    ingestSocket = runtime + "/ingest.sock"
    let state = variable("XDG_STATE_HOME") ?? variable("HOME").map { $0 + "/.local/state" }
    stateDirectory = state.map { $0 + "/deptop" } ?? runtime + "/state"
  }

  /// The ingest socket that belongs to a control socket: `ingest.sock` in the same directory.
  package static func ingestSocket(beside controlSocket: String) -> String {
    let directory = controlSocket.lastIndex(of: "/").map { controlSocket[...$0] } ?? ""
    let own = directory + "ingest.sock"
    return own == controlSocket ? own + ".ingest" : String(own)
  }

  /// The sockets that a dashboard tries when it is not told which, in order: the system's collector, then the user's.
  package static func candidates(userID: UInt32, environment: (String) -> String?) -> [String] {
    let system = DefaultPaths(userID: 0, environment: environment).controlSocket
    let own = DefaultPaths(userID: userID, environment: environment).controlSocket
    return own == system ? [system] : [system, own]
  }
}
