// A benchmark uses this target with the standard library linked statically, where there is no Testing.
#if canImport(Testing)
  internal import Glibc
  package import Testing

  extension Trait where Self == ConditionTrait {
    /// Skips a test, with the reason, where a ``NetworkLab`` or one of the programs in it cannot be started;
    /// `DEPTOP_REQUIRE_SERVERS=1` lets it fail.
    package static func networkLab(_ programs: String...) -> Self {
      let needed = ["conntrack", "ip", "mount", "nft", "nsenter", "setpriv", "ss", "sysctl", "unshare"] + programs
      let absent = needed.filter { Program.path(of: $0) == nil }.map { "\($0) is not installed" }
      let missing = absent + (mayMakeNamespaces ? [] : ["network namespaces may not be made here"])
      let isRequired = unsafe getenv("DEPTOP_REQUIRE_SERVERS").map { unsafe String(cString: $0) } == "1"
      return .enabled(if: missing.isEmpty || isRequired, "\(missing.joined(separator: ", "))")
    }
  }

  /// CAP_NET_ADMIN (12) and CAP_SYS_ADMIN (21) are effective.
  private var mayMakeNamespaces: Bool {
    let needed: UInt64 = 1 << 12 | 1 << 21
    // Without /proc there are no namespaces to enter either.
    let lines = ((try? ProcFile.text("/proc/self/status")) ?? "").split(separator: "\n")
    let value = lines.first { $0.hasPrefix("CapEff:") }?.split(separator: "\t").last.flatMap { UInt64($0, radix: 16) }
    return (value ?? 0) & needed == needed
  }
#endif
