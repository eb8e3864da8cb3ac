internal import CLinux
package import DeptopKernel
internal import Glibc

/// What the helper's process gives up before its first request.
package enum Confinement {
  /// Keeps the capabilities that are used and no others, and rules out that more are gained.
  ///
  /// - Throws: `refused` when the kernel does not do it.
  package static func apply() throws(HostAccessError) {
    signal(SIGPIPE, SIG_IGN)
    let kept = clinux_capabilities_keep(Capability.all)
    guard kept == 0 else { throw .refused("capabilities cannot be given up: \(SystemError(number: -kept))") }
    let forbidden = clinux_forbid_privileges()
    guard forbidden == 0 else {
      throw .refused("new privileges cannot be ruled out: \(SystemError(number: -forbidden))")
    }
    // Keeps no directory of the collector's in use.
    guard unsafe chdir("/") == 0 else { throw .refused("/ cannot be entered: \(SystemError.last)") }
  }
}
