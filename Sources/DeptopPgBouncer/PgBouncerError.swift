/// Why a PgBouncer's admin console gave no answer.
package struct PgBouncerError: Error, Hashable, CustomStringConvertible {
  package var kind: Kind
  /// Where it was asked: `host:port`, or the path of a Unix socket.
  package var place: String
  /// What it was asked; nil when the login failed.
  package var command: String?
  /// One sentence, the server's own where it said something.
  package var sentence: String

  /// What went wrong, by what can be done about it.
  package enum Kind: Sendable, Hashable {
    /// Nothing answers there, or its name does not resolve.
    case unreachable
    /// It did not answer in time.
    case timedOut
    /// The connection ended in the middle of something.
    case connectionLost
    /// It refuses user or password, or wants a password that is not configured.
    case loginRefused
    /// It refuses everyone for now: too many clients, shutting down.
    case unavailable
    /// Something else answers there.
    case notPgBouncer
    /// The user may look but not act.
    case adminRequired
    /// It does not accept the command.
    case commandRefused
    /// Its answer cannot be read.
    case malformed
  }

  package init(kind: Kind, place: String, command: String?, sentence: String) {
    self.kind = kind
    self.place = place
    self.command = command
    self.sentence = sentence
  }

  package var description: String {
    "pgbouncer at \(place): " + (command.map { "\($0): " } ?? "") + sentence
  }

  /// True when only a person can mend it.
  package var isPermanent: Bool {
    switch kind {
    case .loginRefused, .notPgBouncer, .adminRequired, .commandRefused, .malformed: true
    case .unreachable, .timedOut, .connectionLost, .unavailable: false
    }
  }

  /// True when the connection can still be used afterwards.
  var leavesConnectionUsable: Bool {
    switch kind {
    case .adminRequired, .commandRefused: true
    default: false
    }
  }
}
