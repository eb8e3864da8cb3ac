// A benchmark uses this target with the standard library linked statically, where there is no Testing.
#if canImport(Testing)
  internal import Glibc
  package import Testing

  extension Trait where Self == ConditionTrait {
    /// Skips a test, with the reason, where the bridge's libraries are missing; `DEPTOP_REQUIRE_SERVERS=1` lets it
    /// fail.
    package static var hikariBridge: Self {
      let missing = JVMBridge.libraries.filter { unsafe access($0, R_OK) != 0 }.map { "\($0) is not installed" }
      let isRequired = unsafe getenv("DEPTOP_REQUIRE_SERVERS").map { unsafe String(cString: $0) } == "1"
      return .enabled(if: missing.isEmpty || isRequired, "\(missing.joined(separator: ", "))")
    }
  }
#endif
