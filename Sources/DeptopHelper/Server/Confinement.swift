internal import CLinux
package import DeptopKernel
internal import Glibc

/// What the helper's process gives up before its first request.
package enum Confinement {
  /// Keeps the capabilities that are used and no others, and rules out that more are gained.
  ///
  /// A log on a terminal of another process group neither stops the process nor ends it.
  ///
  /// - Throws: `refused` when the kernel does not do it, and for a process that has the rights of another user or group
  ///   than its starter: whoever started it would be taken for that user.
  package static func apply() throws(HostAccessError) {
    signal(SIGPIPE, SIG_IGN)
    signal(SIGTTOU, SIG_IGN)
    guard getuid() == geteuid(), getgid() == getegid() else {
      throw .refused("setuid is not supported: use file capabilities")
    }
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
