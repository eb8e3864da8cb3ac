import DeptopKernel
import Glibc
import Testing

@testable import DeptopHelper

@Suite("Abilities of the helper") struct AbilityFactsTests {
  private let whole = AbilityFacts(
    capabilities: Capability.all, seesAllProcesses: true, enterError: 0, destroyError: ENOENT, copyError: 0,
    ptraceScope: 0,
    conntrackError: ENOENT)

  private func missing(_ change: (inout AbilityFacts) -> Void) -> [HostAbility: String] {
    var facts = whole
    change(&facts)
    return facts.abilities.missing
  }

  @Test func `nothing is missing where everything is there`() {
    #expect(whole.abilities.missing.isEmpty)
    #expect(missing { $0.ptraceScope = 2 }.isEmpty)
  }

  @Test func `a missing capability is named with what gives it`() {
    let found = missing { $0.capabilities = 0 }
    #expect(Set(found.keys) == [.processes, .namespaces, .destroy, .options])
    #expect(
      found[.processes]
        == "deptop-helper lacks CAP_SYS_PTRACE and CAP_DAC_READ_SEARCH, which "
        + "`setcap cap_sys_ptrace,cap_dac_read_search+ep deptop-helper` gives")
    #expect(missing { $0.capabilities &= ~Capability.sysAdmin.bit }.keys.map { $0 } == [.namespaces])
  }

  @Test func `what the kernel refuses is told apart`() {
    #expect(missing { $0.destroyError = EPERM }[.destroy]?.contains("setcap cap_net_admin+ep") == true)
    #expect(missing { $0.destroyError = EOPNOTSUPP }[.destroy]?.contains("CONFIG_INET_DIAG_DESTROY") == true)
    #expect(missing { $0.conntrackError = EPERM }[.translations]?.contains("setcap cap_net_admin+ep") == true)
    #expect(missing { $0.conntrackError = EINVAL }[.translations]?.contains("nf_conntrack_netlink") == true)
    #expect(missing { $0.conntrackError = EPERM }[.destroy]?.contains("setcap cap_net_admin+ep") == true)
    #expect(missing { $0.conntrackError = EINVAL }[.destroy] == nil)
    #expect(missing { $0.enterError = EPERM }[.namespaces]?.contains("operation not permitted") == true)
    #expect(missing { $0.copyError = ENOSYS }[.options]?.contains("Linux 5.6") == true)
    #expect(missing { $0.copyError = EPERM }[.options]?.contains("seccomp") == true)
    #expect(missing { $0.ptraceScope = 3 }[.options]?.contains("ptrace_scope is 3") == true)
  }

  @Test func `a PID namespace of its own is told`() {
    let found = missing { $0.seesAllProcesses = false }
    #expect(Set(found.keys) == [.processes])
    #expect(found[.processes]?.contains("--pid=host") == true)
  }
}
