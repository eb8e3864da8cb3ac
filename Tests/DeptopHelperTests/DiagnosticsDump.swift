import CLinux
import DeptopKernel
import DeptopModel
import DeptopTestSupport
import Glibc

/// Lists a namespace's sockets through a socket that was handed out.
enum DiagnosticsDump {
  static func connections(in namespace: NamespaceID, by host: some HostAccess) throws -> [SocketSample] {
    try table(in: namespace, by: host).connections
  }

  static func listeners(in namespace: NamespaceID, by host: some HostAccess) throws -> [ListeningSocket] {
    try table(in: namespace, by: host).listeners
  }

  private static func table(in namespace: NamespaceID, by host: some HostAccess) throws -> DeptopKernel.SocketTable {
    let descriptor = try host.openSocket(.diagnostics, in: namespace)
    defer { close(descriptor) }
    guard fcntl(descriptor, F_GETFD) & FD_CLOEXEC != 0 else { throw TestFailure("it stays open on exec") }
    var table = DeptopKernel.SocketTable()
    for family in [AF_INET, AF_INET6] {
      let status = clinux_diag_dump_tcp(
        descriptor, 1, UInt8(family), .max, UInt8(1 << (INET_DIAG_INFO - 1)), nil, 0)
      guard status == 0 else { throw TestFailure("no dump: \(SystemError(number: -status))") }
      var buffer = [UInt8](repeating: 0, count: 64 << 10)
      var isOver = false
      var wasInterrupted = false
      while !isOver {
        let length = unsafe recv(descriptor, &buffer, buffer.count, 0)
        guard length > 0 else { throw TestFailure("no answer: \(SystemError.last)") }
        let datagram = Array(buffer[..<length])
        isOver =
          unsafe try table.add(
            datagram: datagram.span.bytes, sequence: 1, wasInterrupted: &wasInterrupted) == .finished
      }
    }
    return table
  }
}

/// Which processes have a socket open.
enum HeldSockets {
  static func processes(holding inode: UInt32) throws -> [Int32] {
    let files = ProcessFiles()
    return files.processes().filter { process in
      var holds = false
      files.forEachSocket(of: process) { if $0 == inode { holds = true } }
      return holds
    }
  }
}
