internal import Glibc

extension LabDirectory {
  /// The path of a file of the only lab that this account runs in one of the usual places.
  ///
  /// Throws when there is none, or more than one.
  package static func onlyLab(with name: String, below places: [String] = places()) throws(GroundError) -> String {
    let paths = Set(places).flatMap { (place: String) -> [String] in labs(below: place).map { "\($0)/\(name)" } }
    // One that belongs to another account cannot be entered.
    let found = paths.filter { (path: String) -> Bool in unsafe access(path, R_OK | W_OK) == 0 }
    guard let first = found.first else { throw .role("no lab runs; deptop-lab run starts one") }
    guard found.count == 1 else {
      throw .role("several labs run; --socket says which: \(found.sorted().joined(separator: ", "))")
    }
    return first
  }

  private static func labs(below place: String) -> [String] {
    DirectoryEntries.names(of: place).filter { $0.hasPrefix("deptop-lab-") }.map { "\(place)/\($0)" }
  }
}

/// The names in a directory.
enum DirectoryEntries {
  /// Without `.` and `..`; an empty list for a directory that cannot be read.
  static func names(of path: String) -> [String] {
    guard let stream = unsafe opendir(path) else { return [] }
    defer { unsafe closedir(stream) }
    return unsafe names(in: stream)
  }

  /// Without `.` and `..`.
  static func names(in stream: OpaquePointer) -> [String] {
    var names: [String] = []
    while let entry = unsafe readdir(stream) {
      let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names
  }
}
