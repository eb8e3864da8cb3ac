internal import CLinux
package import DeptopKernel
internal import Glibc

extension LocalHost {
  /// The longest text that is read, bytes.
  private static let longestText = 64 << 10

  package func text(of file: ProcessFile, process: Int32) throws(HostAccessError) -> [UInt8]? {
    guard process > 0 else { throw .refused("there is no process \(process)") }
    let root = unsafe clinux_open_directory("\(files.root)/\(process)/root")
    guard root >= 0 else {
      let error = SystemError(number: -root)
      if error.number == ENOENT { throw .refused("process \(process) has ended") }
      throw .refused("the files of process \(process) may not be read: \(error); \(Capability.sysPtrace.advice)")
    }
    defer { close(root) }
    // Links are followed within the process' own root, so that they cannot lead to a file of the host.
    let opened = unsafe clinux_open_in_root(root, file.path)
    switch -opened {
    case ENOENT, ENOTDIR: return nil
    case ENOSYS: throw .refused("files of other processes need Linux 5.6 (openat2)")
    case let code where opened < 0:
      throw .refused("/\(file.path) of process \(process) cannot be opened: \(SystemError(number: code))")
    default: break
    }
    defer { close(opened) }
    return try text(from: opened, name: "/\(file.path) of process \(process)")
  }

  private func text(from descriptor: Int32, name: String) throws(HostAccessError) -> [UInt8] {
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw .refused("\(name) is no regular file")
    }
    var bytes = [UInt8](repeating: 0, count: Self.longestText + 1)
    var length = 0
    while length < bytes.count {
      let count = unsafe bytes.withUnsafeMutableBytes { buffer in
        unsafe buffer.baseAddress.map { unsafe read(descriptor, $0 + length, buffer.count - length) } ?? -1
      }
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw .refused("\(name) cannot be read: \(SystemError.last)") }
      if count == 0 { break }
      length += count
    }
    guard length <= Self.longestText else { throw .refused("\(name) is longer than \(Self.longestText) bytes") }
    return Array(bytes[..<length])
  }
}

extension ProcessFile {
  /// Below the root of the process.
  fileprivate var path: String {
    switch self {
    case .resolver: "etc/resolv.conf"
    case .hosts: "etc/hosts"
    }
  }
}
