internal import Glibc

/// Finds the programs that tests start.
package enum Program {
  /// The path of an installed program; nil when there is none.
  package static func path(of name: String) -> String? {
    let search = unsafe getenv("PATH").map { unsafe String(cString: $0) } ?? "/usr/bin:/bin"
    let directories = search.split(separator: ":").map(String.init) + ["/usr/sbin", "/sbin"] + postgresDirectories
    return directories.map { "\($0)/\(name)" }.first { unsafe access($0, X_OK) == 0 }
  }

  /// The path of a program that has to be there.
  package static func required(_ name: String) throws -> String {
    guard let path = path(of: name) else { throw TestFailure("the program \(name) is not installed") }
    return path
  }

  /// Debian keeps the server's programs outside of PATH, in a directory for each version.
  private static var postgresDirectories: [String] {
    (11...30).reversed().map { "/usr/lib/postgresql/\($0)/bin" }
  }
}
