internal import Glibc

/// The directory of one lab: everything that it writes is in it.
package enum LabDirectory {
  /// Longer ones leave no room for a socket's name, which has 108 bytes with its path.
  static let longestPath = 80

  /// Makes one that only its owner may enter: the one that is named, which must not exist yet, or one of its own below
  /// the first place of some that lets it.
  package static func make(
    named path: String?, below places: [String] = places()
  ) throws(GroundError) -> String {
    if let path {
      guard path.utf8.count <= longestPath else { throw .system(path, code: ENAMETOOLONG) }
      guard unsafe mkdir(path, 0o700) == 0 else { throw .system("\(path) cannot be made", code: errno) }
      return path
    }
    var code = ENAMETOOLONG
    for place in places where place.hasPrefix("/") && place.utf8.count <= longestPath - 18 {
      var template = Array("\(place)/deptop-lab-XXXXXX".utf8CString)
      if unsafe mkdtemp(&template) != nil {
        return String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
      }
      code = errno
    }
    throw .system("no directory for the lab below \(places.joined(separator: ", "))", code: code)
  }

  /// Where it may be, in the order in which they are tried.
  package static func places() -> [String] {
    ["XDG_RUNTIME_DIR", "TMPDIR"].compactMap(Surroundings.variable) + ["/tmp"]
  }

  /// Removes it with everything in it, following no symbolic link; one that is gone is as good.
  package static func remove(_ path: String) throws(GroundError) {
    try empty(AT_FDCWD, path)
    guard unsafe rmdir(path) == 0 || errno == ENOENT else { throw .system("\(path) cannot be removed", code: errno) }
  }

  private static func empty(_ parent: Int32, _ name: String) throws(GroundError) {
    let number = unsafe openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
    guard number >= 0 else {
      guard errno == ENOENT else { throw .system("\(name) cannot be emptied", code: errno) }
      return
    }
    guard let stream = unsafe fdopendir(number) else {
      let code = errno
      close(number)
      throw .system("\(name) cannot be read", code: code)
    }
    defer { unsafe closedir(stream) }
    for child in unsafe DirectoryEntries.names(in: stream) { try removeEntry(number, child) }
  }

  private static func removeEntry(_ parent: Int32, _ name: String) throws(GroundError) {
    if unsafe unlinkat(parent, name, 0) == 0 || errno == ENOENT { return }
    // Linux says EISDIR, other systems EPERM.
    guard errno == EISDIR || errno == EPERM else { throw .system("\(name) cannot be removed", code: errno) }
    try empty(parent, name)
    guard unsafe unlinkat(parent, name, AT_REMOVEDIR) == 0 || errno == ENOENT else {
      throw .system("\(name) cannot be removed", code: errno)
    }
  }
}
