internal import FoundationEssentials
internal import Glibc

/// A directory that is removed with everything in it when it is let go of.
package final class TemporaryDirectory: Sendable {
  package let path: String

  /// Creates one that every user may enter; its owner is the account that servers run as.
  package init() throws {
    let base = FileManager.default.temporaryDirectory.path
    var template = Array("\(base)/deptop-test-XXXXXX".utf8CString)
    guard unsafe mkdtemp(&template) != nil else {
      throw TestFailure("no temporary directory below \(base): error \(errno)")
    }
    path = String(decoding: template.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    unsafe chmod(path, 0o755)
    if let account = ServerAccount.current { unsafe chown(path, account.uid, account.gid) }
  }

  deinit {
    // A server that is just ending may still create files: what is left is the system's to clean.
    try? FileManager.default.removeItem(atPath: path)
  }

  /// The path of a file in it.
  package func file(_ name: String) -> String { "\(path)/\(name)" }

  /// True when there is a file of that name, of whatever kind.
  package func has(_ name: String) -> Bool { unsafe access(file(name), F_OK) == 0 }

  /// Writes a text file and answers its path.
  @discardableResult
  package func write(_ text: String, to name: String) throws -> String {
    let path = file(name)
    try Data(text.utf8).write(to: URL(filePath: path))
    return path
  }

  /// The text of a file; empty when there is none yet.
  package func read(_ name: String) -> String {
    guard let data = FileManager.default.contents(atPath: file(name)) else { return "" }
    return String(decoding: data, as: UTF8.self)
  }
}
