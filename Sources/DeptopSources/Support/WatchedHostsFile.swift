internal import DeptopKernel
internal import Glibc
internal import Synchronization

/// The host's own hosts file, read again only when it has changed.
package final class WatchedHostsFile: Sendable {
  /// Lists of blocked names make such files large: what comes after this many bytes is not read.
  static let limit = 1 << 20

  /// Tells one version of the file from the next.
  private struct Stamp: Hashable {
    var device: UInt64
    var inode: UInt64
    var size: Int64
    var seconds: Int
    var nanoseconds: Int
  }

  private struct State {
    var stamp: Stamp?
    var file = HostsFile.empty
  }

  private let path: String
  private let state = Mutex(State())

  package init(path: String) {
    self.path = path
  }

  /// What the file says now; nothing when there is no file.
  ///
  /// - Throws: ``SourceError/transient(_:)`` when it cannot be read.
  package func current() throws(SourceError) -> HostsFile {
    do throws(SystemError) {
      // Taken before the text: a change between the two is then seen the next time.
      let stamp = try currentStamp()
      if let known = state.withLock({ $0.stamp == stamp ? $0.file : nil }) { return known }
      let content = try SmallFile(reading: path, limit: WatchedHostsFile.limit)
      let file = HostsFile(parsing: content.text, isCut: content.isCut)
      state.withLock { $0 = State(stamp: stamp, file: file) }
      return file
    } catch {
      if error.number == ENOENT { return .empty }
      throw .transient("cannot read \(path): \(error)")
    }
  }

  private func currentStamp() throws(SystemError) -> Stamp {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { throw SystemError.last }
    return Stamp(
      device: UInt64(status.st_dev), inode: UInt64(status.st_ino), size: Int64(status.st_size),
      seconds: status.st_mtim.tv_sec, nanoseconds: status.st_mtim.tv_nsec)
  }
}
