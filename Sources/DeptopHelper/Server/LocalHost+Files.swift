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
    // Links are followed within the process' own root, so that they cannot lead to a file of the host. One byte more
    // than may come tells that there is more.
    var bytes = [UInt8](repeating: 0, count: Self.longestText + 1)
    let length = unsafe clinux_read_in_root(root, file.path, &bytes, bytes.count)
    let name = "/\(file.path) of process \(process)"
    switch Int32(clamping: -length) {
    case ENOENT, ENOTDIR: return nil
    case ENOSYS: throw .refused("files of other processes need Linux 5.6 (openat2)")
    case EMEDIUMTYPE: throw .refused("\(name) is no regular file, or one that the kernel makes up")
    case EACCES: throw .refused("\(name) is not readable for everybody, and is left alone")
    case let code where code > 0: throw .refused("\(name) cannot be read: \(SystemError(number: code))")
    default: break
    }
    guard length <= Self.longestText else { throw .refused("\(name) is longer than \(Self.longestText) bytes") }
    return Array(bytes[..<Int(length)])
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
