internal import Glibc

/// The account that servers run as which refuse to run as root.
package struct ServerAccount: Sendable {
  package let name: String
  package let uid: UInt32
  package let gid: UInt32

  /// `postgres` when the tests run as root; nil when they run as an ordinary user, who serves as well.
  package static var current: ServerAccount? {
    guard geteuid() == 0, let entry = unsafe getpwnam("postgres") else { return nil }
    return unsafe ServerAccount(name: "postgres", uid: entry.pointee.pw_uid, gid: entry.pointee.pw_gid)
  }
}
