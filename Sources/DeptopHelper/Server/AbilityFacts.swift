internal import DeptopKernel
internal import Glibc

/// What decides over the helper's abilities, as it was found.
struct AbilityFacts: Hashable {
  /// One bit for each effective capability.
  var capabilities: UInt64
  /// False in a PID namespace below the host's, where only its own processes are seen.
  var seesAllProcesses: Bool
  /// What the kernel answers to entering the namespace that this process is in already; 0 for nothing.
  var enterError: Int32
  /// What it answers to closing a socket that is not there.
  var destroyError: Int32
  /// What it answers to copying a descriptor of this process; 0 for a copy.
  var copyError: Int32
  /// `ptrace_scope` of Yama; 0 without it.
  var ptraceScope: Int
  /// What it answers to the question for a conntrack entry that is not there.
  var conntrackError: Int32

  /// The abilities, and for each that is missing what would enable it.
  var abilities: HostAbilities {
    var missing: [HostAbility: String] = [:]
    missing[.processes] = againstProcesses
    missing[.namespaces] = againstNamespaces
    missing[.destroy] = againstDestroy
    missing[.options] = againstOptions
    missing[.translations] = conntrackError == ENOENT ? nil : ConntrackDesk.reason(conntrackError)
    return HostAbilities(missing: missing)
  }

  private func lack(of needed: Capability...) -> String? {
    let lacking = needed.filter { capabilities & $0.bit == 0 }
    return lacking.isEmpty ? nil : Capability.advice(for: lacking)
  }

  private var againstProcesses: String? {
    if let lack = lack(of: .sysPtrace, .dacReadSearch) { return lack }
    return seesAllProcesses
      ? nil
      : "deptop-helper sees only its own PID namespace: start it in the host's, for a container with `--pid=host`"
  }

  private var againstNamespaces: String? {
    if let lack = lack(of: .sysAdmin, .sysPtrace) { return lack }
    return enterError == 0
      ? nil
      : "network namespaces cannot be entered here (\(SystemError(number: enterError))): "
        + "start deptop-helper in the user namespace that they belong to, without a system call filter"
  }

  private var againstDestroy: String? {
    // The kernel looks for the socket before it looks for the right to close it; conntrack needs the same right and
    // tells at once.
    if capabilities & Capability.netAdmin.bit == 0 || conntrackError == EPERM { return SocketDesk.reason(EPERM) }
    return destroyError == ENOENT ? nil : SocketDesk.reason(destroyError)
  }

  private var againstOptions: String? {
    switch copyError {
    case 0: break
    case ENOSYS: return "options of other processes' sockets need Linux 5.6 (pidfd_getfd)"
    case EPERM, EACCES: return "a system call filter forbids pidfd_getfd: allow it in the container's seccomp profile"
    default: return "pidfd_getfd does not work here: \(SystemError(number: copyError))"
    }
    if ptraceScope >= 3 {
      return "kernel.yama.ptrace_scope is 3, which forbids it to everybody until the host is started anew"
    }
    return lack(of: .sysPtrace, .dacReadSearch)
  }
}
