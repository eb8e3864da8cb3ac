import DeptopLab
import Glibc
import Testing

@Suite struct StartRefusalTests {
  private let usual = NamespaceLimits(allowsOrdinaryUsers: 1, appArmorRestricts: 0, maximum: 1000)

  @Test(arguments: [
    (NamespaceLimits(maximum: 0), "user namespaces are switched off (user.max_user_namespaces is 0)"),
    (
      NamespaceLimits(allowsOrdinaryUsers: 0, maximum: 1000),
      "user namespaces are forbidden to ordinary users (kernel.unprivileged_userns_clone is 0)"
    ),
    (
      NamespaceLimits(appArmorRestricts: 1, maximum: 1000),
      "AppArmor forbids user namespaces (kernel.apparmor_restrict_unprivileged_userns is 1)"
    ),
  ])
  func `the setting that forbids namespaces is named at every step`(_ limits: NamespaceLimits, _ reason: String) {
    for step in [StartRefusal.Step.namespaces, .account, .mounts] {
      #expect(StartRefusal(step: step, code: EPERM).reason(limits) == reason)
    }
  }

  @Test func `without such a setting the step and the system's word are told`() {
    #expect(
      StartRefusal(step: .namespaces, code: ENOSPC).reason(usual)
        == "the host's limit of user namespaces is reached (user.max_user_namespaces)")
    #expect(
      StartRefusal(step: .namespaces, code: EPERM).reason(usual)
        == "user namespaces are forbidden here, as by a container's seccomp profile (Operation not permitted)")
    #expect(
      StartRefusal(step: .namespaces, code: EINVAL).reason(usual)
        == "the kernel was built without the namespaces that it takes")
    #expect(
      StartRefusal(step: .mounts, code: EPERM).reason(usual)
        == "a /proc of its own may not be mounted, as in most containers (Operation not permitted)")
    #expect(
      StartRefusal(step: .program, code: ENOENT).reason(usual)
        == "the program cannot be started (No such file or directory)")
  }
}
