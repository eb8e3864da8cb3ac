internal import Glibc

/// Finds the socket of a lab that runs already.
package struct LabSockets: Sendable {
  /// The user whose labs count; nobody else's are obeyed or asked.
  private let userID: UInt32
  /// Where labs keep their directories, without repetition.
  private let folders: [String]
  /// The socket that the environment names, and that is taken whether or not it exists.
  private let named: String?

  package init(userID: UInt32, environment: (String) -> String?) {
    self.userID = userID
    named = environment("DEPTOP_LAB")
    var folders: [String] = []
    for folder in [environment("XDG_RUNTIME_DIR"), environment("TMPDIR"), "/tmp"].compactMap({ $0 })
    where !folders.contains(folder) {
      folders.append(folder)
    }
    self.folders = folders
  }

  /// The named socket, else the one that was made last; nil where there is none.
  package func newest() -> String? {
    if let named { return named }
    var newest: (path: String, time: timespec)?
    for path in folders.flatMap(directories) {
      guard let socket = LabSockets.facts(path + "/lab.sock"), socket.st_mode & S_IFMT == S_IFSOCK,
        socket.st_uid == userID
      else { continue }
      let time = socket.st_mtim
      let known = newest?.time ?? timespec(tv_sec: .min, tv_nsec: 0)
      if (time.tv_sec, time.tv_nsec) > (known.tv_sec, known.tv_nsec) { newest = (path + "/lab.sock", time) }
    }
    return newest?.path
  }

  /// The directories of this user's labs: others could put a socket of theirs where it would be found.
  private func directories(in folder: String) -> [String] {
    guard let stream = unsafe opendir(folder) else { return [] }
    defer { unsafe closedir(stream) }
    var found: [String] = []
    while let entry = unsafe readdir(stream) {
      let name = unsafe withUnsafeBytes(of: entry.pointee.d_name) { bytes in
        unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      guard name.hasPrefix("deptop-lab-"), let facts = LabSockets.facts(folder + "/" + name),
        facts.st_mode & S_IFMT == S_IFDIR, facts.st_uid == userID
      else { continue }
      found.append(folder + "/" + name)
    }
    return found
  }

  /// Of the entry itself, not of what a symbolic link leads to.
  private static func facts(_ path: String) -> stat? {
    var facts = stat()
    return unsafe lstat(path, &facts) == 0 ? facts : nil
  }
}
