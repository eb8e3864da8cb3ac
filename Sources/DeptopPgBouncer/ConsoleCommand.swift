/// One command of PgBouncer's admin console.
package enum ConsoleCommand: Sendable, Hashable {
  case show(Listing)
  /// Replace every server connection of a database as soon as it is returned.
  case reconnect(database: String)
  /// Is always refused, and the refusal tells whether the user may act: the console checks the right first.
  case askForAdminRight

  /// What can be listed.
  package enum Listing: String, Sendable, Hashable {
    case pools = "POOLS"
    case servers = "SERVERS"
    case stats = "STATS"
    case databases = "DATABASES"
    case dnsHosts = "DNS_HOSTS"
    case configuration = "CONFIG"
    /// Since 1.19.
    case state = "STATE"
  }

  /// The command as the console reads it.
  package var text: String {
    switch self {
    case .show(let listing): "SHOW \(listing.rawValue)"
    case .reconnect(let database): "RECONNECT \(ConsoleCommand.quoted(database))"
    case .askForAdminRight: "RECONNECT \"pgbouncer\""
    }
  }

  /// True when it can be asked twice without harm.
  var changesNothing: Bool {
    switch self {
    case .show, .askForAdminRight: true
    case .reconnect: false
    }
  }

  /// A database's name as an argument: always in quotes, because the console folds the case of a bare word
  /// and does not accept `-` or `.` in it.
  static func quoted(_ name: String) -> String {
    var text = "\""
    for character in name {
      text.append(character)
      if character == "\"" { text.append(character) }
    }
    return text + "\""
  }
}
