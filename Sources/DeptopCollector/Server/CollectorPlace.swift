internal import Glibc

/// Makes a socket's place ready, and keeps other collectors off it.
///
/// The lock file beside the socket is held for the life of the process: who holds it may remove a socket file that
/// a crash left behind.
package final class CollectorPlace: Sendable {
  private let lock: Int32
  let path: String

  /// Why a socket cannot be served: one sentence that names the path.
  package struct Failure: Error, CustomStringConvertible {
    package let description: String
  }

  /// Creates the directory if it is missing, takes the lock, and removes a socket file that nobody serves.
  ///
  /// - Throws: ``Failure``, also when another collector serves the socket.
  package init(socketPath path: String) throws(Failure) {
    guard path.utf8.count < 108 else {
      throw Failure(description: "\(path): a Unix socket's path has at most 107 bytes, this one \(path.utf8.count)")
    }
    try CollectorPlace.prepareDirectory(of: path)
    let lockPath = path + ".lock"
    let lock = unsafe open(lockPath, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard lock >= 0 else { throw Failure(description: "\(lockPath): cannot be created: \(CollectorPlace.reason)") }
    guard flock(lock, LOCK_EX | LOCK_NB) == 0 else {
      close(lock)
      throw Failure(description: "\(path): another collector already serves this socket")
    }
    do throws(Failure) {
      try CollectorPlace.removeStaleSocket(at: path)
    } catch {
      close(lock)
      throw error
    }
    self.path = path
    self.lock = lock
  }

  /// Lets every local user connect; rights are decided per request.
  func admitEveryone() throws(Failure) {
    guard unsafe chmod(path, 0o666) == 0 else {
      throw Failure(description: "\(path): its mode cannot be set: \(CollectorPlace.reason)")
    }
  }

  deinit {
    unsafe unlink(path)
    close(lock)
  }

  private static func prepareDirectory(of path: String) throws(Failure) {
    let slash = path.lastIndex(of: "/")
    let directory = slash.map { String(path[..<$0]) } ?? "."
    guard !directory.isEmpty, unsafe access(directory, F_OK) != 0 else { return }
    guard unsafe mkdir(directory, 0o755) == 0 || errno == EEXIST else {
      throw Failure(description: "\(directory): the socket's directory cannot be created: \(reason)")
    }
  }

  private static func removeStaleSocket(at path: String) throws(Failure) {
    var status = stat()
    guard unsafe lstat(path, &status) == 0 else { return }
    guard status.st_mode & S_IFMT == S_IFSOCK else {
      throw Failure(description: "\(path): is not a socket, and is left alone")
    }
    guard unsafe unlink(path) == 0 else {
      throw Failure(description: "\(path): the socket file of an earlier collector cannot be removed: \(reason)")
    }
  }

  private static var reason: String { unsafe String(cString: strerror(errno)) }
}
