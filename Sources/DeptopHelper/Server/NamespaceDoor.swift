internal import DeptopKernel
internal import DeptopModel
internal import Glibc

/// An open network namespace, to make sockets and read settings in.
///
/// Open only while it is used: an open namespace cannot end.
struct NamespaceDoor: ~Copyable {
  /// Below 0 for the helper's own, which needs not be entered.
  let descriptor: Int32

  static func own() -> NamespaceDoor { NamespaceDoor(descriptor: -1) }

  private init(descriptor: Int32) {
    self.descriptor = descriptor
  }

  /// Opens the namespace of a process; nil when it cannot be read, or is another one.
  init?(_ namespace: NamespaceID, of process: Int32, in files: ProcessFiles) {
    let opened = unsafe open("\(files.root)/\(process)/ns/net", O_RDONLY | O_CLOEXEC)
    guard opened >= 0 else { return nil }
    var status = stat()
    guard unsafe fstat(opened, &status) == 0, UInt64(status.st_ino) == UInt64(namespace.inode) else {
      close(opened)
      return nil
    }
    self.init(descriptor: opened)
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
  }
}

extension ProcessFiles {
  /// The network namespace that a process is in; nil when it cannot be read.
  func namespace(of process: String) -> NamespaceID? {
    var status = stat()
    guard unsafe stat("\(root)/\(process)/ns/net", &status) == 0 else { return nil }
    return UInt32(exactly: status.st_ino).map { NamespaceID($0) }
  }
}
