internal import Glibc

/// Another of deptop's programs: the one beside this program, else the one on `PATH`.
package struct OwnProgram: Sendable {
  /// What is started: a path, or the name alone for a search on `PATH`.
  let command: String

  init(_ name: String) {
    command = OwnProgram.beside(name) ?? name
  }

  /// Exactly this one.
  package init(path: String) { command = path }

  /// Becomes the program; returns only where that fails.
  func replaceThisProcess(_ arguments: [String]) -> SpawnFailure {
    _ = unsafe OwnProgram.withArguments([command] + arguments) { vector in unsafe execvp(command, vector) }
    return failure(errno)
  }

  func failure(_ code: Int32) -> SpawnFailure {
    let place = code == ENOENT ? "; it belongs beside deptop, or on PATH" : ""
    return SpawnFailure(description: "\(command) does not start: \(unsafe String(cString: strerror(code)))\(place)")
  }

  /// The program in the directory of this one; nil when it is not there.
  private static func beside(_ name: String) -> String? {
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = unsafe readlink("/proc/self/exe", &buffer, buffer.count)
    guard count > 0 else { return nil }
    let own = String(decoding: buffer.prefix(count).map(UInt8.init(bitPattern:)), as: UTF8.self)
    guard let slash = own.lastIndex(of: "/") else { return nil }
    let path = own[...slash] + name
    return unsafe access(String(path), X_OK) == 0 ? String(path) : nil
  }

  static func withArguments<Result>(
    _ arguments: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Result
  ) -> Result {
    var vector = unsafe arguments.map { unsafe strdup($0) } + [nil]
    defer { unsafe vector.forEach { unsafe free($0) } }
    return unsafe body(&vector)
  }
}
