// A benchmark uses this target with the standard library linked statically, where there is no Testing.
#if canImport(Testing)
  internal import Glibc
  package import Testing

  extension Trait where Self == ConditionTrait {
    /// Skips a test, with the reason, where real servers cannot be started; `DEPTOP_REQUIRE_SERVERS=1` lets it fail.
    package static func servers(_ programs: String..., nameServer: Bool = true) -> Self {
      let absent = (programs + ["setpriv"]).filter { Program.path(of: $0) == nil }.map { "\($0) is not installed" }
      let isBlocked = nameServer && FreePort.nameServerAddress() == nil
      let missing = absent + (isBlocked ? ["port 53 of loopback may not be bound"] : [])
      let isRequired = unsafe getenv("DEPTOP_REQUIRE_SERVERS").map { unsafe String(cString: $0) } == "1"
      return .enabled(if: missing.isEmpty || isRequired, "\(missing.joined(separator: ", "))")
    }
  }
#endif
