internal import Glibc

/// What this process was started with.
enum Surroundings {
  /// The value of an environment variable.
  static func variable(_ name: String) -> String? {
    unsafe getenv(name).map { unsafe String(cString: $0) }
  }

  /// The path of a program in a directory of PATH, or of others.
  static func program(_ name: String, alsoIn places: [String] = []) -> String? {
    let listed = (variable("PATH") ?? "").split(separator: ":").filter { $0.hasPrefix("/") }.map(String.init)
    return (listed + places).map { "\($0)/\(name)" }.first { unsafe access($0, X_OK) == 0 }
  }
}
