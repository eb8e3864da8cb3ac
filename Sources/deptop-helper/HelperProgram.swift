internal import DeptopHelper
internal import DeptopKernel
internal import Glibc

/// The helper's program: arguments and wiring only.
@main
struct HelperProgram {
  private static let help = """
    Does for deptopd what needs a capability: other namespaces' sockets, and the repair of connections.

    deptopd starts it, with a socket as its standard input. It ends with deptopd. Without any of the capabilities
    CAP_SYS_ADMIN, CAP_NET_ADMIN, CAP_SYS_PTRACE and CAP_DAC_READ_SEARCH it says what is missing.

      --version   Print the version.
      --help      Print this.

    Exit codes: 0 done, 1 failed, 2 usage.
    """

  static func main() {
    switch Array(CommandLine.arguments.dropFirst()) {
    case []: exit(serve())
    case ["--version"]: print(HelperServer.version)
    case ["--help"], ["-h"]: print(help)
    case let unknown:
      StandardError.write("unknown arguments: \(unknown.joined(separator: " ")); see deptop-helper --help")
      exit(2)
    }
  }

  private static func serve() -> Int32 {
    guard HelperServer.canServe(STDIN_FILENO) else {
      StandardError.write("the standard input is no socket of deptopd, which is what starts this program")
      return 2
    }
    do {
      try Confinement.apply()
      var server = HelperServer(descriptor: STDIN_FILENO, host: LocalHost { StandardError.write($0) })
      try server.serve()
      return 0
    } catch {
      StandardError.write(error.description)
      return 1
    }
  }
}
