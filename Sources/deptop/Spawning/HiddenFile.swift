internal import Glibc

/// What another program writes to its standard error, in a file without a name: nothing has to be removed, whatever
/// happens to this process.
struct HiddenFile: Sendable {
  let descriptor: Int32
  private static let tail = 4_096

  init() throws(SpawnFailure) {
    let base = Environment.value("TMPDIR") ?? "/tmp"
    var template = Array((base + "/deptop-XXXXXX").utf8CString)
    descriptor = unsafe mkstemp(&template)
    guard descriptor >= 0 else { throw .making("a file in \(base)") }
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    _ = fcntl(descriptor, F_SETFL, O_APPEND)
    unsafe unlink(template)
  }

  /// The last lines that are not empty, oldest first.
  func lastLines(_ count: Int) -> [String] {
    let size = lseek(descriptor, 0, SEEK_END)
    guard size > 0 else { return [] }
    var bytes = [UInt8](repeating: 0, count: min(size, HiddenFile.tail))
    let read = unsafe pread(descriptor, &bytes, bytes.count, size - bytes.count)
    let text = String(decoding: bytes.prefix(max(0, read)), as: UTF8.self)
    return text.split(separator: "\n").suffix(count).map(String.init)
  }
}
