internal import DeptopConfiguration

/// The host's local users and groups, from `/etc/passwd` and `/etc/group`.
///
/// Never a directory look-up: that can hang, and rights must be decided at once. Users of a directory are
/// configured by number.
struct Accounts: Sendable {
  private var users: [String: UInt32] = [:]
  private var groups: [String: UInt32] = [:]
  private var names: [UInt32: String] = [:]

  /// Parses the two files' texts as the C library does: a line that is not understood is passed over, and of two with
  /// one name or number the first counts.
  init(passwd: String, group: String) {
    for (name, id) in Accounts.entries(of: passwd) {
      users[name] = users[name] ?? id
      names[id] = names[id] ?? name
    }
    for (name, id) in Accounts.entries(of: group) { groups[name] = groups[name] ?? id }
  }

  /// Reads the host's files; one that cannot be read counts as empty.
  static func ofHost() -> Accounts {
    let read = { (path: String) in (try? TextFile.read(path, limit: 4 << 20)) ?? "" }
    return Accounts(passwd: read("/etc/passwd"), group: read("/etc/group"))
  }

  func name(ofUser id: UInt32) -> String? { names[id] }

  /// The numbers that a set of principals names; names that do not exist on the host are left out.
  func resolve(_ principals: Principals) -> Rights.Holders {
    switch principals {
    case .everyone: .everyone
    case .named(let users, let groups):
      .some(
        users: Set(users.compactMap { UInt32($0) ?? self.users[$0] }),
        groups: Set(groups.compactMap { UInt32($0) ?? self.groups[$0] }))
    }
  }

  private static func entries(of text: String) -> [(String, UInt32)] {
    text.split(separator: "\n").compactMap { line in
      let fields = line.split(separator: ":", omittingEmptySubsequences: false)
      guard fields.count >= 3, !fields[0].isEmpty, let id = UInt32(fields[2]) else { return nil }
      return (String(fields[0]), id)
    }
  }
}
