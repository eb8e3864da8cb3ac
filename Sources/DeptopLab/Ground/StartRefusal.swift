internal import Glibc

/// Why a program, or the namespaces for it, could not be started.
package struct StartRefusal: Error, Sendable, Hashable {
  package var step: Step
  /// The `errno`.
  package var code: Int32

  package init(step: Step, code: Int32) {
    self.step = step
    self.code = code
  }

  /// What failed; the numbers are those of `CLab.h`.
  package enum Step: Int32, Sendable, Hashable {
    case namespaces = 1
    /// Becoming root of the user namespace.
    case account
    /// A mount namespace with its own `/proc`.
    case mounts
    case program
  }
}

extension StartRefusal {
  /// In words, with what the host's settings tell about it.
  package func reason(_ limits: NamespaceLimits = .ofHost()) -> String {
    switch step {
    case .namespaces: namespaces(limits)
    case .account, .mounts:
      if let switched = limits.prohibition {
        switched
      } else if step == .account {
        "an account of its own in a user namespace is refused (\(LabText.system(code)))"
      } else {
        "a /proc of its own may not be mounted, as in most containers (\(LabText.system(code)))"
      }
    case .program: "the program cannot be started (\(LabText.system(code)))"
    }
  }

  private func namespaces(_ limits: NamespaceLimits) -> String {
    if let switched = limits.prohibition { return switched }
    switch code {
    case ENOSPC: return "the host's limit of user namespaces is reached (user.max_user_namespaces)"
    case EINVAL, ENOSYS: return "the kernel was built without the namespaces that it takes"
    case EPERM, EACCES:
      return "user namespaces are forbidden here, as by a container's seccomp profile (\(LabText.system(code)))"
    default: return "no namespaces can be made (\(LabText.system(code)))"
    }
  }
}

/// The host's settings about user namespaces; nil for one that the kernel does not have.
package struct NamespaceLimits: Sendable, Hashable {
  /// `kernel.unprivileged_userns_clone`, of Debian's kernels.
  package var allowsOrdinaryUsers: Int?
  /// `kernel.apparmor_restrict_unprivileged_userns`, of Ubuntu's kernels.
  package var appArmorRestricts: Int?
  /// `user.max_user_namespaces`.
  package var maximum: Int?

  package init(allowsOrdinaryUsers: Int? = nil, appArmorRestricts: Int? = nil, maximum: Int? = nil) {
    self.allowsOrdinaryUsers = allowsOrdinaryUsers
    self.appArmorRestricts = appArmorRestricts
    self.maximum = maximum
  }

  package static func ofHost() -> NamespaceLimits {
    NamespaceLimits(
      allowsOrdinaryUsers: setting("kernel/unprivileged_userns_clone"),
      appArmorRestricts: setting("kernel/apparmor_restrict_unprivileged_userns"),
      maximum: setting("user/max_user_namespaces"))
  }

  /// The setting that forbids user namespaces, in words; nil when none does.
  var prohibition: String? {
    if maximum == 0 { return "user namespaces are switched off (user.max_user_namespaces is 0)" }
    if allowsOrdinaryUsers == 0 {
      return "user namespaces are forbidden to ordinary users (kernel.unprivileged_userns_clone is 0)"
    }
    if appArmorRestricts == 1 {
      return "AppArmor forbids user namespaces (kernel.apparmor_restrict_unprivileged_userns is 1)"
    }
    return nil
  }

  private static func setting(_ path: String) -> Int? {
    // A setting that cannot be read is one that the kernel does not have.
    guard let file = try? LabDescriptor.open("/proc/sys/\(path)", O_RDONLY), let bytes = file.read() else { return nil }
    return Int(String(decoding: bytes, as: UTF8.self).filter { !$0.isWhitespace })
  }
}
