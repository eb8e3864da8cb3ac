internal import Glibc

/// The directory that state is kept in.
enum StateDirectory {
  /// Makes a directory and those above it that are missing, each for its owner alone.
  static func make(_ path: String) throws(HistoryError) {
    if unsafe mkdir(path, 0o700) == 0 { return }
    switch errno {
    case EEXIST: try checkIsDirectory(path)
    case ENOENT:
      guard let slash = path.lastIndex(of: "/"), slash > path.startIndex else { fallthrough }
      try make(String(path[..<slash]))
      guard unsafe mkdir(path, 0o700) == 0 || errno == EEXIST else {
        throw HistoryError(.directory, path: path, action: "cannot be created", errno: errno)
      }
    default: throw HistoryError(.directory, path: path, action: "cannot be created", errno: errno)
    }
  }

  /// Makes an empty file for its owner alone; SQLite would let everybody read it.
  ///
  /// The files beside it get its mode.
  static func makeFile(_ path: String) throws(HistoryError) {
    let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NONBLOCK, 0o600)
    guard descriptor >= 0 else {
      throw HistoryError(.notWritable, path: path, action: "cannot be opened for writing", errno: errno)
    }
    Glibc.close(descriptor)
  }

  private static func checkIsDirectory(_ path: String) throws(HistoryError) {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else {
      throw HistoryError(.directory, path: path, action: "cannot be used", errno: errno)
    }
    guard status.st_mode & S_IFMT == S_IFDIR else {
      throw HistoryError(.directory, path: path, message: "is not a directory")
    }
  }
}
