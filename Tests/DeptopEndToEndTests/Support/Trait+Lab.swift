import DeptopLab
import DeptopTestSupport
import Glibc
import Testing

extension Trait where Self == ConditionTrait {
  /// Skips a test, with the reason, where a lab cannot have namespaces of its own; `DEPTOP_REQUIRE_SERVERS=1` lets it
  /// fail.
  static var lab: Self {
    let absent = ["ip", "nft", "setpriv"].filter { Program.path(of: $0) == nil }.map { "\($0) is not installed" }
    let missing = absent + (refusal.map { [$0] } ?? [])
    let isRequired = unsafe getenv("DEPTOP_REQUIRE_SERVERS").map { unsafe String(cString: $0) } == "1"
    return .enabled(if: missing.isEmpty || isRequired, "\(missing.joined(separator: ", "))")
  }

  /// Why namespaces are refused; nil when they are not.
  private static var refusal: String? {
    do throws(StartRefusal) {
      _ = try ChildCommand("/bin/true", [], input: STDIN_FILENO, endsWithThread: false).start(.user).wait()
      return nil
    } catch {
      return error.reason()
    }
  }
}
